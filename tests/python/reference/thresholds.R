# F of each cut and the level of each answer in R. Writes thresholds.csv beside itself:
#   Rscript tests/python/reference/thresholds.R
# The respondents are those of estimators.R; `missing` leaves every seventh out, `sparse` keeps the first 40.

mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m # below 2^53: exact in doubles
i <- 0:599
arms <- c("none", "a", "b", "both")
draw <- mix(i, 31, 7, 17)
arm <- arms[1 + (draw >= 5) + (draw >= 8) + (draw >= 14)]
answered <- 3 + mix(i, 53, 11, 3)
positive <- pmin(answered, mix(i, 97, 5, 4) + (arm == "both"))
index <- positive / answered
collective <- as.integer(mix(i, 61, 3, 10) < 2 + (arm == "b"))
score <- 1 + (2 * positive + mix(i, 71, 13, 5)) %% 5

quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

threshold <- function(name, x, y) {
  cuts <- head(sort(unique(x)), -1)
  cuts <- cuts[sapply(cuts, function(c) min(mean(x > c), mean(x <= c)) >= 0.1)]
  straight <- lm(y ~ x)
  f <- sapply(cuts, function(c) anova(straight, lm(y ~ x + I(x > c)))$F[2])
  best <- cuts[which.max(f)]
  note(paste0(name, "_n_cuts"), length(cuts))
  note(paste0(name, "_threshold"), best)
  note(paste0(name, "_statistic"), max(f))
  note(paste0(name, "_estimate"), coef(lm(y ~ x + I(x > best)))[3])
  for (answer in sort(unique(x))) {
    given <- y[x == answer]
    # A share has Wilson's interval, an index Student's.
    test <- if (all(y %in% 0:1)) prop.test(sum(given), length(given), correct = FALSE) else t.test(given)
    note(paste0(name, "_level_", answer), test$estimate)
    note(paste0(name, "_level_", answer, "_ci_lower"), test$conf.int[1])
  }
}
kept <- i %% 7 != 0
threshold("individual_index_all", score, index)
threshold("collective_participation_all", score, collective)
threshold("individual_index_missing", score[kept], index[kept])
threshold("collective_participation_missing", score[kept], collective[kept])
threshold("individual_index_sparse", score[1:40], index[1:40])

script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
write.csv(data.frame(quantity, value = sprintf("%.15g", value)),
          file.path(dirname(script), "thresholds.csv"), row.names = FALSE, quote = FALSE)
