# Errors from replicate weights in R's survey, for the respondents of design.R. Writes replicates.csv, and the replicates behind
# it (how often each household is in each), beside itself:
#   Rscript tests/python/reference/replicates.R

suppressPackageStartupMessages(library(survey))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

d <- read.csv(file.path(here, "design_respondents.csv"))
d$answered <- as.logical(d$answered)
d$index <- d$n_positive / d$n_answered
households <- 90

# The jackknife leaves out one household each time; the bootstrap draws 40 times as many households less one; Fay's method
# weighs one of two households of a pair 1.5 and the other 0.5, by a balanced choice.
set.seed(53)
drawn <- sapply(1:40, function(r) tabulate(sample(households, households - 1, replace = TRUE), households))
bootstrap <- drawn * households / (households - 1)
signs <- matrix(1, 1, 1)
for (k in 1:6) signs <- rbind(cbind(signs, signs), cbind(signs, -signs))
half <- signs[rep(2:46, each = 2), ] * rep(c(1, -1), 45)
fay <- 1 + 0.5 * half
jackknife <- households / (households - 1) * (1 - diag(households))
times <- list(jackknife = jackknife, bootstrap = bootstrap, fay = fay)
scales <- c(jackknife = 89 / 90, bootstrap = 1 / 40, fay = 1 / (64 * (1 - 0.5)^2))
file <- data.frame(household = seq_len(households), bootstrap = drawn, fay = fay)
write.csv(file, file.path(here, "replicates_households.csv"), row.names = FALSE, quote = FALSE)

for (name in names(times)) {
  n_replicates <- ncol(times[[name]])
  design <- svrepdesign(data = d, weights = ~weight, repweights = d$weight * times[[name]][d$household, ], type = "other",
    scale = scales[[name]], rscales = rep(1, n_replicates), combined.weights = TRUE, mse = TRUE)
  design <- subset(design, answered)
  note_level <- function(measure, design, formula) {
    m <- svymean(formula, design)
    y <- model.matrix(formula, design$variables)[, 2]; w <- weights(design, "sampling")
    simple <- sum(w * (y - coef(m))^2) / sum(w) / (length(y) - 1)
    note(paste0(name, "_", measure, "_mean"), coef(m)); note(paste0(name, "_", measure, "_std_error"), SE(m))
    note(paste0(name, "_", measure, "_deff"), SE(m)^2 / simple)
  }
  note_level("index", design, ~index)
  note_level("join", design, ~join)
  note_level("women", subset(design, gender == "female"), ~index)
  interval <- confint(svyciprop(~join, design, method = "xlogit", df = n_replicates - 1))
  note(paste0(name, "_join_lower"), interval[1]); note(paste0(name, "_join_upper"), interval[2])
  r <- withReplicates(design, function(w, data) cov.wt(data[c("trust", "index")], w / sum(w), cor = TRUE)$cor[1, 2])
  note(paste0(name, "_r"), coef(r)); note(paste0(name, "_r_std_error"), SE(r))
  means <- svyby(~index, ~arm, design, svymean, covmat = TRUE)
  effects <- svycontrast(means, list(a = c(a = 1, none = -1), b = c(b = 1, none = -1),
    interaction = c(both = 1, a = -1, b = -1, none = 1)))
  note(paste0(name, "_nudge_", names(effects)), 100 * coef(effects))
  note(paste0(name, "_nudge_", names(effects), "_std_error"), 100 * SE(effects))
}
# Taylor's error of the same survey, which the jackknife approaches.
taylor <- subset(svydesign(ids = ~household, weights = ~weight, data = d), answered)
note("taylor_index_std_error", SE(svymean(~index, taylor)))

write.csv(data.frame(quantity, value = format(value, digits = 16, scientific = TRUE, trim = TRUE)),
  file.path(here, "replicates.csv"), row.names = FALSE, quote = FALSE)
