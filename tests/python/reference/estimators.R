# The estimators of coproduction.statistics on one row per respondent, in R. Writes estimators.csv beside itself:
#   Rscript tests/python/reference/estimators.R
# The respondents come from integer arithmetic, so that test_estimators_against_r.py builds the same ones.

suppressPackageStartupMessages(library(estimatr))

mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m # below 2^53: exact in doubles
i <- 0:599
arms <- c("none", "a", "b", "both")
draw <- mix(i, 31, 7, 17)
arm <- factor(arms[1 + (draw >= 5) + (draw >= 8) + (draw >= 14)], levels = arms)
answered <- 3 + mix(i, 53, 11, 3)
positive <- pmin(answered, mix(i, 97, 5, 4) + (arm == "both"))
index <- positive / answered
collective <- as.integer(mix(i, 61, 3, 10) < 2 + (arm == "b"))
score <- 1 + (2 * positive + mix(i, 71, 13, 5)) %% 5
strong <- 100 * index + mix(i, 17, 19, 3) / 5 # correlates so strongly that p is near 1e-300

quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

# Levels
note("index_mean", mean(index))
note("index_std_error", sd(index) / sqrt(length(index)))
note("index_ci_lower", t.test(index)$conf.int[1])
note("index_ci_upper", t.test(index)$conf.int[2])
wilson <- prop.test(sum(collective), length(collective), correct = FALSE)$conf.int
note("collective_mean", mean(collective))
note("collective_ci_lower", wilson[1])
note("collective_ci_upper", wilson[2])

# Correlates
correlate <- function(name, x, y) {
  note(paste0(name, "_pearson"), cor(x, y))
  note(paste0(name, "_pearson_p"), cor.test(x, y)$p.value)
  # The t form of Spearman's test, which is cor.test's on the ranks.
  note(paste0(name, "_spearman"), cor(x, y, method = "spearman"))
  note(paste0(name, "_spearman_p"), cor.test(rank(x), rank(y))$p.value)
}
correlate("score_index", score, index)
correlate("score_collective", score, collective)
few <- i < 130
correlate("strong_index", strong[few], index[few])
note("benjamini_hochberg_2", p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.5), "BH")[2])
note("holm_2", p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.5), "holm")[2])

# Nudges: CR2 with one respondent per cluster is HC2 with Bell-McCaffrey degrees of freedom
for (outcome in c("index", "collective")) {
  respondents <- data.frame(i, arm, points = 100 * get(outcome))
  fit <- lm_robust(points ~ arm, data = respondents, clusters = i, se_type = "CR2")
  hc2 <- lm_robust(points ~ arm, data = respondents, se_type = "HC2")
  for (contrast in c("a", "b", "both")) {
    term <- paste0("arm", contrast)
    stopifnot(abs(fit$std.error[term] / hc2$std.error[term] - 1) < 1e-10)
    name <- paste0("nudge_", outcome, "_", contrast)
    note(paste0(name, "_estimate"), fit$coefficients[term])
    note(paste0(name, "_std_error"), hc2$std.error[term])
    note(paste0(name, "_df"), fit$df[term])
    note(paste0(name, "_ci_lower"), fit$conf.low[term])
    note(paste0(name, "_ci_upper"), fit$conf.high[term])
    note(paste0(name, "_p"), fit$p.value[term])
  }
}

# Gap
paired <- t.test(index, collective, paired = TRUE)
note("gap_estimate", paired$estimate)
note("gap_std_error", paired$stderr)
note("gap_ci_lower", paired$conf.int[1])
note("gap_p", paired$p.value)

script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
write.csv(data.frame(quantity, value = sprintf("%.15g", value)),
          file.path(dirname(script), "estimators.csv"), row.names = FALSE, quote = FALSE)
