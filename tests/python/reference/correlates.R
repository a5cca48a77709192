# Correlations of coproduction.statistics.estimates.correlates.est_correlates in R (R 4.2: base, psych 2.2.9 for its data, polycor 0.8).
#   Rscript tests/python/reference/correlates.R
# Writes correlates_counts.csv, the crosstabs of public example data in the shape of cnt_correlates, and correlates.csv,
# what R makes of the same respondents, one row each. psych::bfi: 2,800 people's answers to personality items (1-6).

suppressPackageStartupMessages({library(psych); library(polycor)})

items <- psych::bfi
agreeable <- items[, c("A1", "A2", "A3", "A4", "A5")]
woman <- ifelse(items$gender == 2, 1, 0)
index <- data.frame(positive = rowSums(agreeable >= 4, na.rm = TRUE), answered = rowSums(!is.na(agreeable)))
few <- seq_len(nrow(items)) <= 60

# Each case: the correlate's score, the outcome as a fraction, and which outcome of ours it stands for. Missing stay in.
cases <- list(
  item_index = list(score = items$C1, positive = index$positive, answered = index$answered, is_index = TRUE),
  item_binary = list(score = items$N1, positive = woman, answered = 1, is_index = FALSE),
  number_binary = list(score = items$age, positive = woman, answered = 1, is_index = FALSE),
  item_item = list(score = items$A1, positive = items$A2 - 1, answered = 5, is_index = FALSE),
  two_by_two = list(score = 1 + (items$O5 >= 3), positive = woman, answered = 1, is_index = FALSE),
  sparse_binary = list(score = items$education[few], positive = as.integer(items$E1[few] >= 5), answered = 1,
                       is_index = FALSE),
  sparse_index = list(score = items$E2[few], positive = index$positive[few], answered = index$answered[few],
                      is_index = TRUE)
)

# Kendall's tau-b from the signs of all pairs of respondents; its error is that of the influence function.
kendall_error <- function(x, y) {
  a <- sign(outer(x, x, "-")); b <- sign(outer(y, y, "-"))
  ab <- rowMeans(a * b); aa <- rowMeans(a * a); bb <- rowMeans(b * b)
  tau <- mean(ab) / sqrt(mean(aa) * mean(bb))
  stopifnot(abs(tau - cor(x, y, method = "kendall")) < 1e-12)
  influence <- 2 * ((ab - mean(ab)) / sqrt(mean(aa) * mean(bb)) -
    tau / 2 * ((aa - mean(aa)) / mean(aa) + (bb - mean(bb)) / mean(bb)))
  sqrt(mean(influence^2) / length(x))
}

# polychor() stops its search within 1e-4; the same likelihood searched to the end.
polychor_exactly <- function(tab) {
  cuts <- lapply(1:2, function(margin) qnorm(cumsum(apply(tab, margin, sum)) / sum(tab))[-dim(tab)[margin]])
  minus_log_likelihood <- function(rho) -sum(tab * log(polycor:::binBvn(rho, cuts[[1]], cuts[[2]])))
  optimise(minus_log_likelihood, c(-0.9999, 0.9999), tol = 1e-10)$minimum
}

note <- data.frame()
add <- function(case, quantity, value) note <<- rbind(note, data.frame(case, quantity, value = sprintf("%.12g", value)))
counts <- data.frame()
for (case in names(cases)) {
  of <- cases[[case]]
  outcome <- of$positive / of$answered
  outcome[!is.finite(outcome)] <- NA
  pair <- !is.na(of$score) & !is.na(outcome)
  x <- of$score[pair]; y <- outcome[pair]
  add(case, "n", length(x))
  add(case, "pearson", cor(x, y))
  add(case, "pearson_p_t", cor.test(x, y)$p.value)
  add(case, "spearman", cor(x, y, method = "spearman"))
  tau <- suppressWarnings(cor.test(x, y, method = "kendall", exact = FALSE))
  add(case, "kendall", tau$estimate)
  add(case, "kendall_p", tau$p.value)
  add(case, "kendall_std_error", kendall_error(x, y))
  if (of$is_index) {
    add(case, "polychoric", polyserial(y, x, ML = FALSE))
  } else if (length(unique(x)) > 8) {
    add(case, "polychoric", polyserial(x, y, ML = FALSE))
  } else {
    tab <- table(x, y)
    add(case, "polychoric", polychor(tab, ML = FALSE))
    add(case, "polychoric_exactly", polychor_exactly(tab))
  }
  cells <- data.frame(case, outcome_id = if (of$is_index) "individual_index" else "collective_participation",
                      n_positive = of$positive, n_answered = of$answered,
                      answer_kind = ifelse(is.na(of$score), "blank", "valid"), score = of$score)
  cells[is.na(cells$n_positive), "n_answered"] <- NA
  cells[is.na(cells)] <- ""
  counts <- rbind(counts, aggregate(list(n_respondents = rep(1, nrow(cells))), by = cells, FUN = sum))
}

folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
write.csv(counts, file.path(folder, "correlates_counts.csv"), row.names = FALSE, quote = FALSE)
write.csv(note, file.path(folder, "correlates.csv"), row.names = FALSE, quote = FALSE)
