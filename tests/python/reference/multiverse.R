# The multiverse on one row per respondent, in R. Writes multiverse.csv beside itself:
#   Rscript tests/python/reference/multiverse.R
# The respondents come from integer arithmetic, so that test_multiverse.py builds the same ones. Ties everywhere; Don't
# Know, blanks, repeated rows and straight lines are among them; the last table is sparse (39 respondents).

mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m # below 2^53: exact in doubles
i <- 0:499
asked <- rep(8, 500)
dont_know_items <- mix(i, 13, 29, 4) * (mix(i, 3, 5, 3) == 0)
blank_items <- mix(i, 19, 37, 7) * (mix(i, 7, 11, 4) == 0)
answered <- pmax(asked - dont_know_items - blank_items, 0)
positive <- pmin(answered, mix(i, 97, 5, 9))
often <- pmin(positive, mix(i, 41, 23, 5))
straight <- answered == asked & (positive == 0 | often == asked)
group <- c(0, 1, 2, NA, 9)[1 + mix(i, 61, 3, 5)] # NA: blank, 9: Don't Know
answer <- 1 + (positive + mix(i, 71, 13, 4)) %% 5
is_dont_know <- mix(i, 17, 43, 9) == 0
is_blank <- !is_dont_know & mix(i, 23, 31, 12) == 0
is_duplicate <- mix(i, 29, 47, 25) == 0
is_excluded <- is_duplicate & mix(i, 5, 3, 2) == 0

half <- answered > 0 & 2 * answered >= asked
with_dont_know <- answered + dont_know_items
outcomes <- list(
  half_answered = ifelse(half, positive / answered, NA),
  any_answered = ifelse(answered > 0, positive / answered, NA),
  all_answered = ifelse(answered == asked, positive / answered, NA),
  often_only = ifelse(half, often / answered, NA),
  graded = ifelse(half, (positive + often) / (2 * answered), NA),
  dont_know_as_no = ifelse(with_dont_know > 0 & 2 * with_dont_know >= asked, positive / with_dont_know, NA),
  any_activity = ifelse(half, as.numeric(positive > 0), NA),
  count = ifelse(answered > 0, positive, NA),
  collective_often_or_sometimes = ifelse(group %in% 0:2, as.numeric(group >= 1), NA),
  collective_often_only = ifelse(group %in% 0:2, as.numeric(group == 2), NA),
  collective_score = ifelse(group %in% 0:2, group, NA),
  collective_dont_know_as_no = ifelse(group %in% 0:2, as.numeric(group >= 1), ifelse(group %in% 9, 0, NA))
)
lowest <- min(answer[!is_dont_know & !is_blank])
highest <- max(answer[!is_dont_know & !is_blank])
stand_in <- c(leave_out = NA, lowest = lowest, middle = (lowest + highest) / 2, highest = highest)
samples <- list(one_kept = !is_excluded, all_dropped = !is_duplicate, all_kept = rep(TRUE, 500))
outliers <- list(kept = rep(TRUE, 500), straight_line_left_out = !straight)

rows <- list()
note <- function(part, ...) rows[[length(rows) + 1]] <<- data.frame(part, ...)
for (part in c("everybody", "sparse")) {
  of_part <- if (part == "everybody") i < 500 else i < 39
  for (o in names(outcomes)) for (d in names(stand_in)) for (s in names(samples)) for (l in names(outliers)) {
    # Of the sparse table only one sample, which is enough.
    if (part == "sparse" && (s != "all_kept" || l != "kept")) next
    x <- ifelse(is_dont_know, stand_in[[d]], ifelse(is_blank, NA, answer))
    y <- outcomes[[o]]
    use <- of_part & samples[[s]] & outliers[[l]] & !is.na(x) & !is.na(y)
    x <- x[use]; y <- y[use]
    for (m in c("pearson", "spearman", "kendall")) {
      # The t form of Spearman's test, which is cor.test's on the ranks.
      test <- if (m == "kendall") cor.test(x, y, method = m, exact = FALSE)
      else if (m == "spearman") cor.test(rank(x), rank(y)) else cor.test(x, y)
      note(part, outcome = o, dont_know_rule_id = d, duplicates_rule_id = s, outliers_rule_id = l, method_id = m, n = length(x),
        estimate = unname(test$estimate), p_value = test$p.value)
    }
  }
}
result <- do.call(rbind, rows)
result$estimate <- sprintf("%.12g", result$estimate)
result$p_value <- sprintf("%.12g", result$p_value)
arguments <- commandArgs(FALSE)
here <- dirname(sub("^--file=", "", arguments[grep("^--file=", arguments)]))
write.csv(result, file.path(here, "multiverse.csv"), row.names = FALSE, quote = FALSE)
