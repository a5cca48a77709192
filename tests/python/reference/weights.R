# Raking, trimming, weighted levels and correlations in R's survey package. Writes weights.csv, and the respondents behind
# it (survey::apisrs and apipop, public example data: schools in California), beside itself:
#   Rscript tests/python/reference/weights.R

suppressPackageStartupMessages(library(survey)) # and estimatr
data(api)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))

quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

schools <- data.frame(
  school = sprintf("school_%03d", seq_len(nrow(apisrs))),
  kind = as.character(apisrs$stype), wide = as.character(apisrs$sch.wide), awards = as.integer(apisrs$awards == "Yes"),
  api99 = apisrs$api99, api00 = apisrs$api00, meals = apisrs$meals, pw = round(apistrat$pw, 4), missing_kind = seq_len(nrow(apisrs)) %% 9 == 0
)
write.csv(schools, file.path(here, "weights_api.csv"), row.names = FALSE, quote = FALSE)

# Raking. In R a missing category is one more category of the margin.
shares <- function(x) prop.table(table(x))
rake_to <- function(data, margins, start = rep(1, nrow(data))) {
  design <- svydesign(ids = ~1, weights = start, data = data)
  forms <- lapply(names(margins), function(name) as.formula(paste0("~", name)))
  tables <- lapply(names(margins), function(name) {
    frame <- data.frame(names(margins[[name]]), Freq = nrow(data) * as.numeric(margins[[name]]))
    setNames(frame, c(name, "Freq"))
  })
  rake(design, forms, tables, control = list(maxit = 200, epsilon = 1e-10, verbose = FALSE))
}
note_weights <- function(name, design) {
  w <- weights(design)
  for (i in seq_along(w)) note(paste0(name, "_weight_", i), w[i])
  note(paste0(name, "_n_effective"), sum(w)^2 / sum(w^2))
}
note_mean <- function(name, design, formula) {
  m <- svymean(formula, design)
  note(paste0(name, "_mean"), coef(m)); note(paste0(name, "_std_error"), SE(m))
}

population <- list(kind = shares(apipop$stype), wide = shares(apipop$sch.wide))
raked <- rake_to(schools, population)
note_weights("raked", raked)
note_mean("raked_api00", raked, ~api00)
note_mean("raked_awards", raked, ~awards)

note_mean("raked_elementary", subset(raked, kind == "E"), ~api00)
note_mean("raked_answering", subset(raked, !missing_kind), ~api00)
note_mean("raked_answering_share", subset(raked, !missing_kind & wide == "Yes"), ~awards)

with_missing <- transform(schools, kind = ifelse(missing_kind, "none", kind))
sample_share <- mean(with_missing$kind == "none")
margins <- list(kind = c(population$kind * (1 - sample_share), none = sample_share), wide = population$wide)
missing <- rake_to(with_missing, margins)
note_weights("missing", missing)
note_mean("missing_api00", missing, ~api00)

# Weighted levels: a mean of shares with ties and missing answers, a share, a breakdown, unequal and sparse weights.
i <- 0:599
mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m # as in estimators.R
answered <- 3 + mix(i, 53, 11, 3)
positive <- pmin(answered, mix(i, 97, 5, 4))
rows <- data.frame(
  index = positive / answered, collective = as.integer(mix(i, 61, 3, 10) < 2),
  score = 1 + (2 * positive + mix(i, 71, 13, 5)) %% 5, arm = c("none", "a", "both")[1 + (i %% 7 > 2) + (i %% 7 > 5)],
  weight = c(0.4, 0.75, 1, 1.3333, 2.5, 6)[1 + mix(i, 43, 17, 6)], answers = mix(i, 29, 23, 11) > 0
)
note_level <- function(name, data) {
  design <- svydesign(ids = ~1, weights = ~weight, data = data)
  df <- sum(data$weight^2)^2 / sum(data$weight^4) - 1 # Satterthwaite; degf(design) gives n - 1, however few decide
  m <- svymean(~index, design)
  note(paste0(name, "_index_mean"), coef(m)); note(paste0(name, "_index_std_error"), SE(m))
  interval <- confint(m, df = df)
  note(paste0(name, "_index_ci_lower"), interval[1]); note(paste0(name, "_index_ci_upper"), interval[2])
  p <- svyciprop(~collective, design, method = "xlogit", df = df)
  note(paste0(name, "_collective_mean"), coef(p)); note(paste0(name, "_collective_std_error"), SE(svymean(~collective, design)))
  note(paste0(name, "_collective_ci_lower"), confint(p)[1]); note(paste0(name, "_collective_ci_upper"), confint(p)[2])
  note(paste0(name, "_n_effective"), sum(data$weight)^2 / sum(data$weight^2))
  note(paste0(name, "_index_df"), df); note(paste0(name, "_collective_df"), df)
}
note_level("all", rows)
note_level("answering", rows[rows$answers, ])
note_level("sparse", rows[i %% 50 == 0, ])

# Margins far from the sample: weights above five medians are cut and the margins raked again.
people <- data.frame(
  age = c("16-34", "35-54", "55-74", "75+")[1 + (mix(i, 59, 31, 20) > 0) + (mix(i, 59, 31, 20) > 6) + (mix(i, 59, 31, 20) > 13)],
  gender = c("Female", "Male")[1 + (mix(i, 83, 7, 9) > 4)],
  education = c("Degree", "School", "None")[1 + (mix(i, 101, 3, 16) > 8) + (mix(i, 101, 3, 16) > 14)], index = positive / answered
)
far <- list(
  age = c("16-34" = 0.12, "35-54" = 0.30, "55-74" = 0.32, "75+" = 0.26), gender = c(Female = 0.51, Male = 0.49),
  education = c(Degree = 0.42, None = 0.15, School = 0.43)
)
design <- rake_to(people, far)
note_weights("untrimmed", design)
limit <- 5 * median(weights(design))
n_trims <- 0
while (any(weights(design) > limit * (1 + 1e-6))) {
  n_trims <- n_trims + 1
  stopifnot(n_trims < 100)
  design <- rake_to(people, far, start = weights(trimWeights(design, upper = limit)))
}
note("trims", n_trims)
note_weights("trimmed", design)
note_mean("untrimmed_index", rake_to(people, far), ~index)

# Weighted correlations by the delta method on five means: the same linearisation, reached in another way.
note_correlation <- function(name, data, x, y) {
  data <- transform(data, x = data[[x]], y = data[[y]])
  design <- svydesign(ids = ~1, weights = ~weight, data = transform(data, xx = x^2, yy = y^2, xy = x * y))
  means <- svymean(~ x + y + xx + yy + xy, design)
  r <- svycontrast(means, quote((xy - x * y) / sqrt((xx - x^2) * (yy - y^2))))
  note(paste0(name, "_estimate"), coef(r)); note(paste0(name, "_std_error"), SE(r))
  v <- as.matrix(svyvar(~ x + y, design)) # another way to the estimate
  stopifnot(abs(v[1, 2] / sqrt(v[1, 1] * v[2, 2]) - coef(r)) < 1e-10)
}
note_correlation("score_index", rows, "score", "index")
note_correlation("score_collective", rows, "score", "collective")
note_correlation("sparse_score_index", rows[i %% 50 == 0, ], "score", "index")
note_correlation("answering_score_collective", rows[rows$answers, ], "score", "collective")
note_correlation("api99_api00", transform(schools, weight = pw), "api99", "api00")
note_correlation("meals_awards", transform(schools, weight = pw), "meals", "awards")

# A weighted share of Don't Know, and of the commonest answer.
note("dont_know_share", coef(svymean(~is_dont_know, svydesign(ids = ~1, weights = ~weight, data = transform(
  rows, is_dont_know = as.integer(!answers)
)))))

# Weighted contrasts: arms are the strata of a randomised design. Degrees of freedom by the exact trace formula of each
# arm's variance, combined as Satterthwaite combines them.
exact_df <- function(w) {
  a <- w / sum(w)
  residuals <- diag(length(a)) - outer(rep(1, length(a)), a)
  k <- diag(a) %*% tcrossprod(residuals) %*% diag(a)
  sum(diag(k))^2 / sum(k^2)
}
note_contrasts <- function(name, data, contrasts) {
  design <- svydesign(ids = ~1, strata = ~arm, weights = ~weight, data = data)
  by_arm <- svyby(~y, ~arm, design, svymean, covmat = TRUE)
  effective <- tapply(data$weight, data$arm, function(w) sum(w)^2 / sum(w^2))
  df <- tapply(data$weight, data$arm, exact_df)
  for (contrast in names(contrasts)) {
    c <- contrasts[[contrast]]
    difference <- svycontrast(by_arm, setNames(list(c), contrast))
    e <- effective[names(c)]
    note(paste0(name, "_", contrast, "_estimate"), coef(difference))
    note(paste0(name, "_", contrast, "_std_error"), SE(difference))
    note(paste0(name, "_", contrast, "_df"), sum(c^2 / e)^2 / sum(c^4 / (e^2 * df[names(c)])))
    note(paste0(name, "_", contrast, "_design_effect"), sum(c^2 / e) / sum(c^2 / table(data$arm)[names(c)]))
  }
}
against_none <- function(arms) setNames(lapply(arms, function(arm) setNames(c(1, -1), c(arm, "none"))), arms)
note_contrasts("contrast", transform(rows, y = index), against_none(c("a", "both")))
answering <- rows[rows$answers, ] # missing outcomes
note_contrasts("answering_contrast", transform(answering, y = collective), against_none(c("a", "both")))
note_contrasts("sparse_contrast", transform(rows[i %% 12 == 0, ], y = index), against_none(c("a", "both")))
four <- transform(rows, y = index, arm = c("none", "a", "b", "both")[1 + (i %% 11 > 4) + (i %% 11 > 6) + (i %% 11 > 9)])
note_contrasts("four_contrast", four, list(interaction = c(both = 1, a = -1, b = -1, none = 1)))

# Equal weights: HC2 with Bell and McCaffrey's degrees of freedom, in another package. With weights its CR2 is weighted
# HC2, which needs every single weight: noted to say how far apart the two are.
two <- transform(rows[rows$arm != "both", ], is_nudged = as.integer(rows$arm[rows$arm != "both"] == "a"), id = seq_len(sum(rows$arm != "both")))
for (name in c("equal", "unequal")) {
  two$w <- if (name == "equal") 2.5 else two$weight
  fit <- estimatr::lm_robust(index ~ is_nudged, data = two, weights = w, clusters = id, se_type = "CR2")
  note(paste0("cr2_", name, "_std_error"), fit$std.error[["is_nudged"]])
  note(paste0("cr2_", name, "_df"), fit$df[["is_nudged"]])
}

write.csv(data.frame(quantity, value = sprintf("%.15g", value)), file.path(here, "weights.csv"),
          row.names = FALSE, quote = FALSE)
