# Two one-sided tests in R, by base R alone. Writes equivalence.csv beside itself:
#   Rscript tests/python/reference/equivalence.R
# Each case has a smallest effect d. The tables of counts are those of test_equivalence.py.

quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

tost <- function(name, y, d, s, df, back = identity) {
  above <- function(t) pt(t, df, lower.tail = FALSE)
  note(paste0(name, "_ci90_lower"), back(y - qt(0.95, df) * s))
  note(paste0(name, "_ci90_upper"), back(y + qt(0.95, df) * s))
  note(paste0(name, "_p_value_tost"), max(above((y + d) / s), above((d - y) / s)))
  note(paste0(name, "_p_value_beyond"), min(above((y - d) / s), above((-d - y) / s)))
}

# Effects: the difference of two means in points, with Welch's error (HC2) and Bell-McCaffrey degrees of freedom.
# Respondents with 0, 1, ..., 6 of 6 items in each arm.
effects <- list(
  inside = list(none = c(60, 70, 80, 70, 50, 40, 30), a = c(55, 72, 79, 68, 51, 39, 31), d = 6),
  outside = list(none = c(60, 70, 80, 70, 50, 40, 30), a = c(10, 20, 50, 70, 80, 90, 70), d = 5),
  between = list(none = c(20, 15, 15, 15, 10, 10, 5), a = c(12, 10, 13, 12, 10, 8, 5), d = 3),
  below = list(none = c(10, 20, 30, 40, 50, 40, 30), a = c(25, 30, 35, 40, 35, 25, 20), d = 8)
)
for (name in names(effects)) {
  case <- effects[[name]]
  arms <- lapply(case[c("none", "a")], function(n) rep(0:6, n) / 6)
  n <- lengths(arms)
  y <- 100 * (mean(arms$a) - mean(arms$none))
  s <- 100 * sqrt(sum(sapply(arms, var) / n))
  df <- sum(1 / n)^2 / sum(1 / (n^2 * (n - 1)))
  note(paste0(name, "_estimate"), y); note(paste0(name, "_std_error"), s); note(paste0(name, "_df"), df)
  tost(name, y, case$d, s, df)
}

# Correlations of large samples: the linearised error on Fisher's scale, normal. Respondents who gave the answers 1, 2,
# 3 (rows) and do 0, 1, 2, 3 of 3 items (columns).
correlations <- list(
  close = list(n = rbind(c(80, 60, 40, 20), c(70, 65, 45, 20), c(75, 60, 50, 22)), d = 0.12),
  far = list(n = rbind(c(120, 60, 20, 5), c(60, 70, 50, 30), c(30, 40, 60, 90)), d = 0.2),
  near = list(n = rbind(c(90, 60, 40, 20), c(70, 65, 45, 25), c(60, 60, 50, 32)), d = 0.1)
)
for (name in names(correlations)) {
  case <- correlations[[name]]
  x <- rep(rep(1:3, 4), as.vector(case$n))
  y <- rep(rep(0:3, each = 3), as.vector(case$n)) / 3
  standard <- function(v) (v - mean(v)) / sqrt(mean((v - mean(v))^2))
  zx <- standard(x); zy <- standard(y); r <- mean(zx * zy)
  influence <- zx * zy - r * (zx^2 + zy^2) / 2
  s <- sqrt(mean(influence^2) / (length(x) - 1))
  note(paste0(name, "_estimate"), r); note(paste0(name, "_std_error"), s)
  tost(name, atanh(r), atanh(case$d), s / (1 - r^2), Inf, tanh)
}
script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
write.csv(data.frame(quantity, value = sprintf("%.15g", value)),
          file.path(dirname(script), "equivalence.csv"), row.names = FALSE, quote = FALSE)
