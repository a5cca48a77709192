# Changes between two waves in R: t.test, survey, and a few lines of our own where no package of this R has them. Writes
# changes.csv beside itself:
#   Rscript tests/python/reference/changes.R
# The people are made by integer arithmetic, as in estimators.R.

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

i <- 0:599
mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m
people <- data.frame(
  index1 = pmin(mix(i, 97, 5, 4), 3) / 3, yes1 = as.integer(mix(i, 61, 3, 10) < 3),
  w1 = c(0.5, 1, 1.25, 2)[1 + mix(i, 43, 17, 4)], w2 = c(0.4, 0.8, 1, 2.5)[1 + mix(i, 29, 23, 4)],
  gender = c("Female", "Male")[1 + (mix(i, 83, 7, 9) > 4)], age = c("16-34", "35-54", "55+")[1 + mix(i, 59, 31, 3)]
)
people$index2 <- ifelse(mix(i, 71, 13, 5) < 2, people$index1, pmin(mix(i, 53, 11, 4), 3) / 3)
people$yes2 <- ifelse(mix(i, 37, 19, 7) < 3, people$yes1, as.integer(mix(i, 101, 3, 16) < 7))
# Who is in which wave: nobody, half or all of them in both.
overlaps <- list(none = list(1:300, 301:600), half = list(1:360, 181:600), all = list(1:300, 1:300))

partly <- function(y1, y2, in1, in2) {
  n1 <- length(in1); n2 <- length(in2); both <- intersect(in1, in2); nc <- length(both)
  v1 <- var(y1[in1]) / n1; v2 <- var(y2[in2]) / n2
  d1 <- y1[both] - mean(y1[in1]); d2 <- y2[both] - mean(y2[in2])
  covariance <- sqrt(n1 / (n1 - 1) * n2 / (n2 - 1)) * sum(d1 * d2) / (n1 * n2)
  welch <- (v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1))
  one <- n1 + n2 - 2 * nc # Derrick et al. 2017
  df <- (nc - 1) + (welch - (nc - 1)) * one / (one + 2 * nc)
  d <- mean(y2[in2]) - mean(y1[in1]); se <- sqrt(v1 + v2 - 2 * covariance)
  c(estimate = d, std_error = se, df = df, ci_lower = d - qt(.975, df) * se, ci_upper = d + qt(.975, df) * se,
    p_value = 2 * pt(-abs(d / se), df))
}
note_all <- function(name, numbers) for (part in names(numbers)) note(paste0(name, "_", part), numbers[[part]])
of_test <- function(test) c(estimate = unname(diff(rev(c(test$estimate, 0)[1:2]))), std_error = test$stderr, df = unname(test$parameter),
                            ci_lower = test$conf.int[1], ci_upper = test$conf.int[2], p_value = test$p.value)
for (overlap in names(overlaps)) for (measure in c("index", "yes")) {
  in1 <- overlaps[[overlap]][[1]]; in2 <- overlaps[[overlap]][[2]]; both <- intersect(in1, in2)
  y1 <- people[[paste0(measure, 1)]]; y2 <- people[[paste0(measure, 2)]]
  name <- paste(overlap, measure, sep = "_")
  welch <- t.test(y2[in2], y1[in1])
  note_all(paste0(name, "_independent"), c(estimate = mean(y2[in2]) - mean(y1[in1]), of_test(welch)[-1]))
  if (length(both)) {
    paired <- t.test(y2[both], y1[both], paired = TRUE)
    note_all(paste0(name, "_same_people"), c(estimate = unname(paired$estimate), of_test(paired)[-1]))
    note_all(paste0(name, "_overlapping"), partly(y1, y2, in1, in2))
  }
  # Weighted: survey counts persons once, with one factor N/(N-1); the factors of each wave are put in its place.
  long <- rbind(data.frame(id = in1, wave = "a", y = y1[in1], w = people$w1[in1]),
                data.frame(id = in2, wave = "b", y = y2[in2], w = people$w2[in2]))
  means <- svyby(~y, ~wave, svydesign(ids = ~id, weights = ~w, data = long), svymean, covmat = TRUE)
  n <- length(unique(long$id)); factors <- sqrt(c(length(in1) / (length(in1) - 1), length(in2) / (length(in2) - 1)))
  covariance <- vcov(means) * (n - 1) / n * outer(factors, factors)
  sample <- if (length(both)) "overlapping" else "independent"
  note(paste(name, sample, "weighted_estimate", sep = "_"), sum(coef(means) * c(-1, 1)))
  note(paste(name, sample, "weighted_std_error", sep = "_"), sqrt(c(-1, 1) %*% covariance %*% c(-1, 1)))
  if (length(both)) {
    paired <- svymean(~d, svydesign(ids = ~1, weights = ~w, data = data.frame(d = (y2 - y1)[both], w = people$w1[both])))
    note(paste0(name, "_same_people_weighted_estimate"), coef(paired))
    note(paste0(name, "_same_people_weighted_std_error"), SE(paired))
  }
  # The later wave raked to the genders and ages of the earlier one; the error by our own lines, person by person.
  after <- people[in2, ]; before <- people[in1, ]; after$y <- y2[in2]
  shares <- function(x) data.frame(names(table(x)), Freq = as.numeric(prop.table(table(x))) * length(in2))
  gender <- setNames(shares(before$gender), c("gender", "Freq")); age <- setNames(shares(before$age), c("age", "Freq"))
  raked <- rake(svydesign(ids = ~1, weights = rep(1, length(in2)), data = after), list(~gender, ~age), list(gender, age),
                control = list(maxit = 500, epsilon = 1e-12, verbose = FALSE))
  r <- weights(raked); stopifnot(max(r) < 5 * median(r))
  m2 <- sum(r * after$y) / sum(r); m1 <- mean(y1[in1])
  # Residuals of the regression on both margins; the earlier wave's part follows from the fitted values at its people.
  fit <- lm(y ~ gender + age, data = after)
  u2 <- r * residuals(fit) / length(in2)
  fitted <- predict(fit, before)
  u1 <- ((y1[in1] - m1) - (fitted - mean(fitted))) / length(in1)
  part <- rep(0, 600)
  part[in1] <- part[in1] - u1 * factors[1]; part[in2] <- part[in2] + u2 * factors[2]
  note(paste(name, sample, "earlier_margin_estimate", sep = "_"), m2 - m1)
  note(paste(name, sample, "earlier_margin_std_error", sep = "_"), sqrt(sum(part^2)))
}
write.csv(data.frame(quantity, value = sprintf("%.15g", value)), file.path(here, "changes.csv"), row.names = FALSE, quote = FALSE)
