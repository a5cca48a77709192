# Errors under clusters, strata, weights and a finite population in R's survey and estimatr. Writes design.csv, and the
# respondents behind it (planted, no real data), beside itself:
#   Rscript tests/python/reference/design.R

suppressPackageStartupMessages({ library(survey); library(estimatr) })
options(survey.lonely.psu = "adjust")
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

# 90 households of 1 to 9 people in four districts (strata), the last with one household; 14 sampling points of unequal
# size, each in one arm, and an arm that people of one household share or not.
set.seed(46)
size <- rep(c(1, 2, 2, 3, 4, 9), 15)
household <- rep(seq_along(size), size)
n <- length(household)
district <- c("centre", "north", "south", "west")[1 + (household > 30) + (household > 62) + (household == 90)]
point <- sample(rep(1:14, c(3, 5, 8, 10, 14, 16, 20, 22, 24, 28, 30, 36, 42, 200))[seq_len(n)])
shared <- rnorm(90)[household]
trust <- pmin(pmax(round(3 + 0.9 * shared + rnorm(n)), 1), 5)
n_answered <- sample(3:5, n, replace = TRUE)
n_positive <- rbinom(n, n_answered, plogis(0.7 * shared + 0.3 * (trust - 3)))
join <- as.integer(runif(n) < plogis(-0.4 + shared))
arm <- sample(c("none", "a", "b", "both"), n, replace = TRUE)
point_arm <- c("none", "a")[1 + point %% 2]
weight <- round(exp(rnorm(n, 0, 0.5)), 4)
gender <- sample(c("female", "male"), n, replace = TRUE)
answered <- runif(n) > 0.07
d <- data.frame(household, district, point, point_arm, arm, weight, gender, trust, n_positive, n_answered, join, answered)
write.csv(d, file.path(here, "design_respondents.csv"), row.names = FALSE, quote = FALSE)

d$index <- d$n_positive / d$n_answered
d$one <- 1; d$panel <- 900
designs <- list(
  clusters = svydesign(ids = ~household, strata = ~district, weights = ~one, nest = TRUE, data = d),
  weighted = svydesign(ids = ~household, strata = ~district, weights = ~weight, nest = TRUE, data = d),
  strata = svydesign(ids = ~1, strata = ~district, weights = ~one, data = d),
  points = svydesign(ids = ~point, weights = ~one, data = d)
)
note_level <- function(name, design, formula) {
  m <- svymean(formula, design, deff = "replace")
  note(paste0(name, "_mean"), coef(m)); note(paste0(name, "_std_error"), SE(m)); note(paste0(name, "_df"), degf(design))
  note(paste0(name, "_deff"), deff(m))
}
note_r <- function(name, design) {
  design <- update(design, xx = trust^2, yy = index^2, xy = trust * index)
  means <- svymean(~trust + index + xx + yy + xy, design)
  r <- svycontrast(means, quote((xy - trust * index) / sqrt((xx - trust^2) * (yy - index^2))))
  error <- as.numeric(SE(r)); r <- as.numeric(coef(r))
  note(paste0(name, "_r"), r); note(paste0(name, "_r_std_error"), error)
  note(paste0(name, "_r_p"), 2 * pt(-abs(atanh(r) * (1 - r^2) / error), degf(design)))
}
for (name in names(designs)) {
  design <- subset(designs[[name]], answered)
  note_level(paste0(name, "_index"), design, ~index)
  note_level(paste0(name, "_join"), design, ~join)
  note_level(paste0(name, "_women"), subset(design, gender == "female"), ~index)
  interval <- confint(svyciprop(~join, design, method = "xlogit", df = degf(design)))
  note(paste0(name, "_join_lower"), interval[1]); note(paste0(name, "_join_upper"), interval[2])
  note_r(name, design)
}
# A finite population of 900 people. R counts clusters, so the correction is applied by hand.
m <- svymean(~index, subset(designs$clusters, answered))
note("panel_index_std_error", SE(m) * sqrt(1 - n / 900))
flat <- svydesign(ids = ~1, fpc = ~panel, data = d)
note("flat_index_std_error", SE(svymean(~index, subset(flat, answered))))

# Nudges: CR2 and Bell-McCaffrey.
here_d <- transform(d[d$answered, ], points = 100 * index, join = 100 * join)
here_d$arm <- relevel(factor(here_d$arm), "none")
fit <- lm_robust(points ~ arm, here_d, clusters = household, se_type = "CR2")
for (one in c("a", "b", "both")) {
  note(paste0("cr2_", one, "_estimate"), coef(fit)[paste0("arm", one)])
  note(paste0("cr2_", one, "_std_error"), fit$std.error[paste0("arm", one)])
  note(paste0("cr2_", one, "_df"), fit$df[paste0("arm", one)])
  note(paste0("cr2_", one, "_p"), fit$p.value[paste0("arm", one)])
}
here_d$with_a <- as.integer(here_d$arm %in% c("a", "both")); here_d$with_b <- as.integer(here_d$arm %in% c("b", "both"))
fit <- lm_robust(points ~ with_a * with_b, here_d, clusters = household, se_type = "CR2")
note("cr2_interaction_std_error", fit$std.error["with_a:with_b"]); note("cr2_interaction_df", fit$df["with_a:with_b"])
fit <- lm_robust(join ~ point_arm, transform(here_d, point_arm = relevel(factor(point_arm), "none")),
  clusters = point, se_type = "CR2")
note("cr2_points_std_error", fit$std.error[2]); note("cr2_points_df", fit$df[2]); note("cr2_points_p", fit$p.value[2])
# Equal weights within each cluster: the weighted leverages are those of estimatr.
by_household <- 0.5 + (here_d$household %% 5) / 2
here_d$by_household <- by_household
fit <- lm_robust(points ~ arm, here_d, clusters = household, weights = by_household, se_type = "CR2")
note("cr2_weighted_a_std_error", fit$std.error["arma"])
# Degrees of freedom of the weighted contrast by the covariance matrix itself.
w <- here_d$weight; g <- here_d$household; used <- here_d$arm %in% c("none", "a")
terms <- t(sapply(unique(g[used]), function(one) {
  row <- numeric(nrow(here_d))
  for (k in c("none", "a")) {
    in_arm <- here_d$arm == k; total <- sum(w[in_arm]); inside <- in_arm & g == one
    if (!any(inside)) next
    part <- w * inside - sum(w[inside]) / total * w * in_arm
    row <- row + (if (k == "a") 1 else -1) / total * sqrt(sum(w[inside]^2) / sum(part^2)) * part
  }
  row
}))
note("weighted_a_std_error", 100 * sqrt(sum((terms %*% here_d$index)^2)))
covariance <- tcrossprod(terms)
note("weighted_a_df", sum(diag(covariance))^2 / sum(covariance^2))
# HC0 by cluster of the difference of means, which is the logit's average marginal effect.
total <- tapply(seq_along(g), g, function(i) {
  sum(sapply(c("none", "a"), function(k) {
    in_arm <- here_d$arm == k; inside <- i[in_arm[i]]
    (if (k == "a") 1 else -1) / sum(in_arm) * sum(here_d$index[inside] - mean(here_d$index[in_arm]))
  }))
})
note("hc0_a_std_error", 100 * sqrt(sum(total^2)))

write.csv(data.frame(quantity, value = format(value, digits = 16, scientific = TRUE, trim = TRUE)),
  file.path(here, "design.csv"), row.names = FALSE, quote = FALSE)
