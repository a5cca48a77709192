# The nudge estimators of coproduction.statistics on one row per respondent, in R. Writes nudges_reference.csv beside
# itself, 12 significant digits:
#   Rscript tests/python/reference/nudges_reference.R
# The respondents come from integer arithmetic, so that nudge_examples.py builds the same ones: 600 with unequal arms,
# ties, missing outcomes and covariates; of the first 90 a sparse table.

suppressPackageStartupMessages({ library(estimatr); library(sandwich) })

mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m # below 2^53: exact in doubles
i <- 0:599
arms <- c("none", "a", "b", "both")
draw <- mix(i, 31, 7, 17)
people <- data.frame(
  i,
  arm = factor(arms[1 + (draw >= 5) + (draw >= 8) + (draw >= 14)], levels = arms),
  answered = 3 + mix(i, 53, 11, 3),
  age_band = c("18-34", "35-54", "55-74", "75+", NA)[1 + findInterval(mix(i, 43, 29, 40), c(9, 22, 35, 38))],
  gender_score = c(1, 2, NA)[1 + findInterval(mix(i, 37, 23, 33), c(14, 31))]
)
people$age_band <- factor(people$age_band)
people$gender <- factor(people$gender_score)
people$positive <- pmin(people$answered, mix(i, 97, 5, 4) + (people$arm == "both"))
people$index <- ifelse(mix(i, 41, 13, 19) == 0, NA, people$positive / people$answered)
people$collective <- ifelse(mix(i, 59, 17, 23) == 0 | (people$arm == "b" & mix(i, 83, 3, 9) == 0), NA,
                            as.integer(mix(i, 61, 3, 10) < 2 + (people$arm == "b")))

quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }
contrasts <- list(a = c(-1, 1, 0, 0), b = c(-1, 0, 1, 0), both = c(-1, 0, 0, 1), interaction = c(1, -1, -1, 1))

inference <- function(name, estimate, std_error, df) {
  note(paste0(name, "_estimate"), 100 * estimate)
  note(paste0(name, "_std_error"), 100 * std_error)
  if (is.finite(df)) note(paste0(name, "_df"), df)
  note(paste0(name, "_ci_lower"), 100 * (estimate - (if (is.finite(df)) qt(0.975, df) else qnorm(0.975)) * std_error))
  t <- -abs(estimate / std_error)
  note(paste0(name, "_p"), 2 * (if (is.finite(df)) pt(t, df) else pnorm(t)))
}

# The contrast `interaction` is a coefficient of its own when the arms are coded as a, b and a*b.
linear <- function(name, fit, term) inference(name, fit$coefficients[term], fit$std.error[term], fit$df[term])

for (case in c("large", "sparse")) for (outcome in c("index", "collective")) {
  d <- people[people$i < c(large = 600, sparse = 90)[case], ]
  d$y <- d[[outcome]]
  d <- d[!is.na(d$y), ]
  d$has_a <- as.integer(d$arm %in% c("a", "both")); d$has_b <- as.integer(d$arm %in% c("b", "both"))
  name <- function(model, contrast) paste(case, outcome, model, contrast, sep = "_")

  # Interaction of the dummies; CR2 with one respondent per cluster is HC2 with Bell-McCaffrey degrees of freedom.
  fit <- lm_robust(y ~ has_a * has_b, data = d, clusters = i, se_type = "CR2")
  linear(name("dummies", "interaction"), fit, "has_a:has_b")
  # Welch's unequal variances are HC2's for two arms.
  for (contrast in c("a", "b", "both")) {
    two <- droplevels(d[d$arm %in% c("none", contrast), ])
    means <- difference_in_means(y ~ arm, data = two)
    note(paste0(name("dummies", contrast), "_estimate"), 100 * means$coefficients)
    note(paste0(name("dummies", contrast), "_std_error"), 100 * means$std.error)
  }

  complete <- d[!is.na(d$age_band) & !is.na(d$gender), ]
  note(name("lin", "n"), nrow(complete))
  if (case == "large") {
    fit <- lm_lin(y ~ arm, ~ age_band + gender, data = complete, clusters = i, se_type = "CR2")
    hc2 <- lm_lin(y ~ arm, ~ age_band + gender, data = complete, se_type = "HC2")
    for (contrast in c("a", "b", "both")) {
      term <- paste0("arm", contrast)
      stopifnot(abs(fit$std.error[term] / hc2$std.error[term] - 1) < 1e-9)
      linear(name("lin", contrast), fit, term)
    }
    # The same regression with arms coded as a, b and a*b, covariates centred by hand.
    z <- scale(model.matrix(~ age_band + gender, complete)[, -1], scale = FALSE)
    fit <- lm_robust(y ~ has_a * has_b * z, data = cbind(complete), clusters = i, se_type = "CR2")
    linear(name("lin", "interaction"), fit, "has_a:has_b")
  }

  # Fractional logit: coefficients, HC0, and average marginal effects by the delta method.
  strict <- glm.control(epsilon = 1e-14, maxit = 100)
  marginal <- function(model, fit, data) {
    covariance <- vcovHC(fit, type = "HC0")
    predictions <- lapply(arms, function(given) {
      data$arm <- factor(given, levels = arms)
      matrix <- model.matrix(delete.response(terms(fit)), data, xlev = fit$xlevels)
      mu <- plogis(drop(matrix %*% coef(fit)))
      list(mean = mean(mu), gradient = colMeans(matrix * mu * (1 - mu)))
    })
    means <- sapply(predictions, function(p) p$mean)
    gradients <- sapply(predictions, function(p) p$gradient)
    for (contrast in names(contrasts)) {
      weights <- contrasts[[contrast]]
      gradient <- drop(gradients %*% weights)
      inference(name(model, contrast), sum(weights * means), sqrt(drop(t(gradient) %*% covariance %*% gradient)), Inf)
    }
    for (term in c("arma", "armb", "armboth")) {
      note(paste0(name(model, term), "_coefficient"), coef(fit)[term])
      note(paste0(name(model, term), "_coefficient_std_error"), sqrt(covariance[term, term]))
    }
  }
  marginal("logit", glm(y ~ arm, family = quasibinomial, data = d, control = strict), d)
  if (case == "large") {
    marginal("logit_adjusted",
             glm(y ~ arm + age_band + gender, family = quasibinomial, data = complete, control = strict), complete)
  }

  # Non-response by arm, Lee's bounds by fractions of respondents, worst case.
  whole <- people[people$i < c(large = 600, sparse = 90)[case], ]
  missing <- table(whole$arm, is.na(whole[[outcome]]))
  test <- suppressWarnings(chisq.test(missing, correct = FALSE))
  note(name("non_response", "statistic"), test$statistic)
  note(name("non_response", "p"), test$p.value)
  tail_mean <- function(y, keep) { # mean of the lowest `keep` respondents, the last of them in part
    y <- sort(y)
    weight <- pmin(1, pmax(0, keep - seq_along(y) + 1))
    sum(weight * y) / keep
  }
  for (contrast in c("a", "b", "both")) {
    y1 <- whole[[outcome]][whole$arm == contrast]; y0 <- whole[[outcome]][whole$arm == "none"]
    r1 <- mean(!is.na(y1)); r0 <- mean(!is.na(y0))
    v1 <- y1[!is.na(y1)]; v0 <- y0[!is.na(y0)]
    k1 <- length(v1) * min(1, r0 / r1); k0 <- length(v0) * min(1, r1 / r0)
    note(paste0(name("lee", contrast), "_lower"), 100 * (tail_mean(v1, k1) + tail_mean(-v0, k0)))
    note(paste0(name("lee", contrast), "_upper"), 100 * (-tail_mean(-v1, k1) - tail_mean(v0, k0)))
    fill <- function(y, with) mean(ifelse(is.na(y), with, y))
    note(paste0(name("worst_case", contrast), "_lower"), 100 * (fill(y1, 0) - fill(y0, 1)))
    note(paste0(name("worst_case", contrast), "_upper"), 100 * (fill(y1, 1) - fill(y0, 0)))
  }
}

# Arm counts and balance, for everybody in the experiment; a missing covariate is a level of its own.
test <- chisq.test(table(people$arm))
note("arm_counts_statistic", test$statistic)
note("arm_counts_p", test$p.value)
levels_with_missing <- function(x) { x <- as.character(x); x[is.na(x)] <- "missing"; factor(x) }
z <- cbind(model.matrix(~ levels_with_missing(people$age_band))[, -1],
           model.matrix(~ levels_with_missing(people$gender))[, -1])
pillai <- summary(manova(z ~ people$arm), test = "Pillai")$stats[1, "Pillai"]
note("covariate_balance_statistic", (nrow(people) - 1) * pillai)
note("covariate_balance_p", pchisq((nrow(people) - 1) * pillai, 3 * ncol(z), lower.tail = FALSE))

# Randomisation by brute force over all assignments of eleven people to four arms of 3, 3, 3 and 2: the four-level cell is
# assigned, statistics are studentised, the maximum is over a, b and both.
few <- data.frame(arm = rep(arms, c(3, 3, 3, 2)), y = c(0, 1, 1, 2, 3, 4, 4, 1, 2, 3, 2) / 4)
students <- function(y, n) {
  groups <- split(y, rep(1:4, n))
  m <- sapply(groups, mean); v <- sapply(groups, var) / n
  one <- function(w) { e <- sum(w * m); if (abs(e) < 1e-12) 0 else abs(e) / sqrt(sum(w^2 * v)) }
  sapply(contrasts, one)
}
n <- c(3, 3, 3, 2)
observed <- students(few$y, n)
count <- 0; as_extreme <- rep(0, 4); as_extreme_max <- rep(0, 3)
first <- combn(11, 3)
for (s in seq_len(ncol(first))) {
  left <- setdiff(1:11, first[, s]); second <- combn(left, 3)
  for (t in seq_len(ncol(second))) {
    rest <- setdiff(left, second[, t]); third <- combn(rest, 3)
    for (u in seq_len(ncol(third))) {
      drawn <- students(few$y[c(first[, s], second[, t], third[, u], setdiff(rest, third[, u]))], n)
      count <- count + 1
      as_extreme <- as_extreme + (drawn >= observed - 1e-9)
      as_extreme_max <- as_extreme_max + (max(drawn[1:3]) >= observed[1:3] - 1e-9)
    }
  }
}
for (k in 1:4) note(paste0("randomisation_", names(contrasts)[k]), as_extreme[k] / count)
for (k in 1:3) note(paste0("max_t_", names(contrasts)[k]), as_extreme_max[k] / count)

# Graded arms: none, low, middle, high with strengths 0, 1, 2 and 4.
strength <- c(none = 0, low = 1, middle = 2, high = 4)
graded <- data.frame(arm = factor(names(strength)[match(people$arm, arms)], levels = names(strength)),
                     index = people$index, collective = people$collective)
graded$s <- strength[as.character(graded$arm)]
for (outcome in c("index", "collective")) {
  d <- data.frame(y = graded[[outcome]], s = graded$s, arm = graded$arm)
  d <- d[!is.na(d$y), ]
  note(paste0("trend_", outcome, "_slope"), 100 * coef(lm(y ~ s, d))["s"])
  m <- tapply(d$y, d$arm, mean); v <- tapply(d$y, d$arm, var); n <- tapply(d$y, d$arm, length)
  c_weights <- n * (strength - weighted.mean(strength, n)) / sum(n * (strength - weighted.mean(strength, n))^2)
  # The slope as a linear combination of the saturated regression's coefficients, with its HC2 covariance.
  saturated <- lm_robust(y ~ 0 + arm, d, se_type = "HC2")
  note(paste0("trend_", outcome, "_std_error"), 100 * sqrt(drop(t(c_weights) %*% saturated$vcov %*% c_weights)))
  blocks <- as.list(m); size <- as.list(n); members <- as.list(seq_along(m)) # pool adjacent violators
  repeat {
    bad <- which(diff(unlist(blocks)) < 0)
    if (!length(bad)) break
    b <- bad[1]
    blocks[[b]] <- (blocks[[b]] * size[[b]] + blocks[[b + 1]] * size[[b + 1]]) / (size[[b]] + size[[b + 1]])
    size[[b]] <- size[[b]] + size[[b + 1]]; members[[b]] <- c(members[[b]], members[[b + 1]])
    blocks[[b + 1]] <- NULL; size[[b + 1]] <- NULL; members[[b + 1]] <- NULL
  }
  for (b in seq_along(blocks)) for (k in members[[b]]) {
    note(paste0("trend_", outcome, "_isotonic_", names(strength)[k]), 100 * blocks[[b]])
  }
  departure <- deviance(lm(m ~ strength, weights = n / v)) # sum of squares against the arms' own errors
  note(paste0("trend_", outcome, "_departure_statistic"), departure)
  note(paste0("trend_", outcome, "_departure_p"), pchisq(departure, 2, lower.tail = FALSE))
  if (outcome == "collective") {
    test <- prop.trend.test(tapply(d$y, d$arm, sum), n, strength)
    note("trend_collective_armitage_statistic", test$statistic)
    note("trend_collective_armitage_p", test$p.value)
  }
}

script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
write.csv(data.frame(quantity, value = sprintf("%.12g", value)),
          file.path(dirname(script), "nudges_reference.csv"), row.names = FALSE, quote = FALSE)
