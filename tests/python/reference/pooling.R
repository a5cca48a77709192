# Random-effects pooling in R's metafor. Writes pooling.csv beside itself:
#   Rscript tests/python/reference/pooling.R
# Estimates and variances are typed in here and in the output, where test_estimated_pools.py reads them.

suppressPackageStartupMessages(library(metafor))

cases <- list(
  three = list(y = c(0.12, 0.31, 0.05), v = c(0.004, 0.011, 0.007)),
  unequal = list(y = c(-0.21, 0.64, 0.33, 0.02, 0.41), v = c(0.0009, 0.25, 0.03, 0.004, 0.09)),
  same_twice = list(y = c(0.2, 0.2, 0.5, 0.5, 0.2), v = c(0.01, 0.01, 0.02, 0.02, 0.03)),
  homogeneous = list(y = c(1.1, 1.2, 1.3, 1.15), v = c(2, 3, 2.5, 4)),
  wide = list(y = c(-12.5, 3.25, 18, 40, -7, 0.5, 22), v = c(4, 9, 1, 16, 25, 2, 36)),
  bcg = with(escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg),
             list(y = as.numeric(yi), v = as.numeric(vi)))
)

case <- character(0); quantity <- character(0); value <- numeric(0)
note <- function(name, number) {
  case <<- c(case, rep(this, length(number)))
  quantity <<- c(quantity, rep(name, length(number)))
  value <<- c(value, unname(number))
}

for (this in names(cases)) {
  y <- cases[[this]]$y; v <- cases[[this]]$v
  tight <- list(threshold = 1e-13, maxiter = 10000, tol = 1e-13)
  reml <- rma(y, v, method = "REML", test = "adhoc", control = tight)
  unmodified <- rma(y, v, method = "REML", test = "knha", control = tight)
  dl <- rma(y, v, method = "DL"); dl_knha <- rma(y, v, method = "DL", test = "knha")
  pm <- rma(y, v, method = "PM", control = tight)
  # Higgins et al. 2009: k-2 degrees of freedom; metafor 3.8's own predict() takes k-1.
  half_width <- qt(0.975, length(y) - 2) * sqrt(reml$tau2 + reml$se^2)
  note("y", y); note("v", v)
  note("scaled_estimate", reml$b[1]); note("std_error", reml$se); note("df", reml$dfs)
  note("ci_lower", reml$ci.lb); note("ci_upper", reml$ci.ub); note("p_value", reml$pval)
  note("std_error_unmodified", unmodified$se); note("p_value_unmodified", unmodified$pval)
  note("ci_lower_unmodified", unmodified$ci.lb); note("ci_upper_unmodified", unmodified$ci.ub)
  note("prediction_lower", reml$b[1] - half_width); note("prediction_upper", reml$b[1] + half_width)
  note("tau_squared", reml$tau2); note("i_squared", reml$I2 / 100)
  note("heterogeneity", reml$QE); note("p_value_heterogeneity", reml$QEp)
  note("tau_squared_dl", dl$tau2); note("estimate_dl", dl$b[1])
  note("ci_lower_dl", dl$ci.lb); note("ci_upper_dl", dl$ci.ub)
  note("std_error_dl_knha", dl_knha$se)
  note("tau_squared_pm", pm$tau2); note("estimate_pm", pm$b[1])
}

script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
write.csv(data.frame(case, quantity, value = sprintf("%.15g", value)),
          file.path(dirname(script), "pooling.csv"), row.names = FALSE, quote = FALSE)
