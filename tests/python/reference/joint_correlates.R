# Several correlates at once in R (4.2: base, estimatr, survey). The data are every seventh of survey::apipop, public
# example data: schools in California, their share of qualified teachers and whether they won an award.
#   Rscript tests/python/reference/joint_correlates.R
# Writes joint_correlates_schools.csv, one row for each school, and joint_correlates.csv, what R makes of them.

suppressPackageStartupMessages({library(estimatr); library(survey)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

data(api)
schools <- apipop[seq(1, nrow(apipop), 7), ]
people <- data.frame(
  positive = schools$full, answered = 100, award = as.integer(schools$awards == "Yes"), meals = schools$meals,
  ell = schools$ell, mobility = schools$mobility, avg_ed = schools$avg.ed, primary = as.integer(schools$stype == "E"),
  weight = 1 + (seq_along(schools$full) * 37) %% 11 / 4
)
write.csv(people, file.path(here, "joint_correlates_schools.csv"), row.names = FALSE, quote = FALSE, na = "")
people$index <- people$positive / people$answered
x <- c("avg_ed", "ell", "meals", "mobility", "primary")

quantity <- character(0); value <- numeric(0)
note <- function(name, numbers) { quantity <<- c(quantity, paste(name, x, sep = "_")); value <<- c(value, unname(numbers)) }
formula_of <- function(y) reformulate(x, y)

# Average marginal effects, the derivatives of the prediction, and their covariance by the delta method.
effects_of <- function(b, V, X, w) {
  w <- w / sum(w); mu <- plogis(drop(X %*% b)); s <- mu * (1 - mu)
  ame <- sapply(x, function(j) sum(w * b[[j]] * s))
  G <- t(sapply(x, function(j) {
    gradient <- colSums(w * b[[j]] * s * (1 - 2 * mu) * X)
    gradient[[j]] <- gradient[[j]] + sum(w * s)
    gradient
  }))
  list(ame = ame, se = sqrt(diag(G %*% V %*% t(G))))
}

# Shapley's share of R2 over all orders, each R2 by lm.
orders <- function(v) if (length(v) < 2) list(v) else
  do.call(c, lapply(v, function(first) lapply(orders(setdiff(v, first)), function(rest) c(first, rest))))
shares_of <- function(y, data, w = rep(1, nrow(data))) {
  data$w_ <- w
  r2 <- function(set) if (!length(set)) 0 else summary(lm(reformulate(set, y), data, weights = w_))$r.squared
  seen <- new.env()
  cached <- function(set) {
    name <- paste(c("set", sort(set)), collapse = " ")
    if (is.null(seen[[name]])) seen[[name]] <- r2(set)
    seen[[name]]
  }
  found <- sapply(orders(x), function(order) {
    steps <- sapply(seq_along(order), function(i) cached(order[seq_len(i)]) - cached(order[seq_len(i - 1)]))
    steps[match(x, order)]
  })
  rowMeans(found)
}

for (y in c("index", "award")) {
  data <- people[complete.cases(people[, c(y, x)]), ]
  ols <- lm_robust(formula_of(y), data, se_type = "HC2")
  note(paste0(y, "_ols_estimate"), coef(ols)[x]); note(paste0(y, "_ols_std_error"), ols$std.error[x])
  note(paste0(y, "_ols_p_value"), ols$p.value[x]); note(paste0(y, "_ols_ci_lower"), ols$conf.low[x])
  note(paste0(y, "_ols_standardised"), coef(ols)[x] * sapply(data[x], sd) / sd(data[[y]]))
  note(paste0(y, "_ols_correlation"), cor(data[x], data[[y]]))
  note(paste0(y, "_ols_correlation_p_value"), sapply(x, function(j) cor.test(data[[j]], data[[y]])$p.value))
  note(paste0(y, "_ols_share_of_r_squared"), shares_of(y, data))
  note(paste0(y, "_ols_r_squared"), rep(ols$r.squared, length(x)))
  note(paste0(y, "_ols_variance_inflation"), sapply(x, function(j) 1 / (1 - summary(lm(reformulate(setdiff(x, j), j), data))$r.squared)))
  design <- svydesign(ids = ~1, weights = ~weight, data = data)
  weighted <- svyglm(formula_of(y), design)
  note(paste0(y, "_weighted_ols_estimate"), coef(weighted)[x]); note(paste0(y, "_weighted_ols_std_error"), SE(weighted)[x])
  w <- data$weight; df <- sum(w^2)^2 / sum(w^4) - 1 - length(x)
  note(paste0(y, "_weighted_ols_df"), rep(df, length(x)))
  note(paste0(y, "_weighted_ols_p_value"), 2 * pt(-abs(coef(weighted)[x] / SE(weighted)[x]), df))
  note(paste0(y, "_weighted_ols_share_of_r_squared"), shares_of(y, data, w))
}

data <- people[complete.cases(people[, c("award", x)]), ]
logit <- glm(formula_of("award"), binomial, data, control = glm.control(epsilon = 1e-14, maxit = 50))
X <- model.matrix(logit); mu <- fitted(logit)
A <- solve(t(X) %*% (X * mu * (1 - mu))); M <- t(X) %*% (X * (data$award - mu)^2)
found <- effects_of(coef(logit), A %*% M %*% A, X, rep(1, nrow(data)))
note("award_logit_estimate", found$ame); note("award_logit_std_error", found$se)
note("award_logit_p_value", 2 * pnorm(-abs(found$ame / found$se)))
design <- svydesign(ids = ~1, weights = ~weight, data = data)
weighted <- svyglm(formula_of("award"), design, family = quasibinomial(), control = glm.control(epsilon = 1e-14, maxit = 50))
found <- effects_of(coef(weighted), vcov(weighted), X, data$weight)
note("award_weighted_logit_estimate", found$ame); note("award_weighted_logit_std_error", found$se)

# Rubin's rules with Barnard and Rubin's degrees of freedom, on numbers of which R makes the same.
estimates <- sapply(1:5, function(j) sin(j * 1:20) / 10 + j); variances <- sapply(1:5, function(j) (1.5 + cos(j + 1:20)) / 50)
m <- 20; W <- colMeans(variances); B <- apply(estimates, 2, var); total <- W + (1 + 1 / m) * B
lambda <- (1 + 1 / m) * B / total; old <- (m - 1) / lambda^2; complete <- 90
observed <- (complete + 1) / (complete + 3) * complete * (1 - lambda)
note("rubin_std_error", sqrt(total)); note("rubin_df", old * observed / (old + observed)); note("rubin_df_normal", old)

write.csv(data.frame(quantity = quantity, value = sprintf("%.17g", value)), file.path(here, "joint_correlates.csv"), row.names = FALSE, quote = FALSE)
