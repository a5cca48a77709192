# Reliability, dependent correlations and Welch's test in R (psych 2.2.9). Writes psychometrics.csv and
# bfi_item_pairs.csv beside itself:
#   Rscript tests/python/reference/psychometrics.R
# The respondents come from integer arithmetic, so that the tests build the same ones; bfi ships with psych.

suppressPackageStartupMessages(library(psych))

mix <- function(i, a, b, m) ((i * a + (i * i) %% 1009 * b) %% 7919) %% m # below 2^53: exact in doubles
i <- 0:599
level <- mix(i, 97, 5, 4)
answer <- function(item, of = i) as.integer(mix(of, 31 + 4 * item, 3 + item, 6) < level[of + 1] + item %% 3)
items <- sapply(1:6, answer)
missing <- items
for (item in 1:6) missing[mix(i, 17 + item, 5, 9) == item, item] <- NA

quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }

reliability <- function(name, x) {
  complete <- !anyNA(x)
  # On the covariance matrix where answers are missing: the same definition, pair by pair.
  fit <- suppressWarnings(suppressMessages(alpha(if (complete) x else cov(x, use = "pairwise"), check.keys = FALSE)))
  n <- min(crossprod(!is.na(x)))
  interval <- alpha.ci(fit$total$raw_alpha, n, ncol(x), digits = 15)
  note(paste0(name, "_kr20"), fit$total$raw_alpha)
  note(paste0(name, "_ci_lower"), interval$lower.ci); note(paste0(name, "_ci_upper"), interval$upper.ci)
  note(paste0(name, "_n"), n)
  for (item in seq_len(ncol(x))) {
    note(paste0(name, "_dropped_", item), fit$alpha.drop$raw_alpha[item])
    note(paste0(name, "_item_rest_", item), fit$item.stats$r.drop[item])
    note(paste0(name, "_share_", item), mean(x[, item], na.rm = TRUE))
  }
}
reliability("complete", items)
reliability("missing", missing)
reliability("sparse", items[1:14, 1:3])
data(bfi)
big_five <- (bfi[, 1:5] > 3) * 1L
reliability("bfi", big_five)

pairs <- do.call(rbind, lapply(1:5, function(a) do.call(rbind, lapply(a:5, function(b) {
  counted <- as.data.frame(table(is_positive_a = big_five[, a], is_positive_b = big_five[, b], useNA = "ifany"))
  cbind(item_a = colnames(big_five)[a], item_b = colnames(big_five)[b], counted)
}))))
names(pairs)[5] <- "n_respondents"

# Dependent correlations: two answers with one outcome
index <- rowMeans(items)
political <- 1 + (2 * level + mix(i, 71, 13, 5)) %% 5
personal <- 1 + (political + mix(i, 29, 7, 4)) %% 5
xy <- cor(index, political); xz <- cor(index, personal); yz <- cor(political, personal)
williams <- paired.r(xy, xz, yz, n = 600)
note("political_outcome", xy); note("personal_outcome", xz); note("political_personal", yz)
note("williams_t", williams$t); note("williams_p", williams$p)

# Welch: unequal groups, ties
staff <- index[i < 45] ; citizens <- index[i >= 45]
welch <- t.test(staff, citizens)
note("welch_estimate", mean(staff) - mean(citizens)); note("welch_std_error", welch$stderr)
note("welch_df", welch$parameter); note("welch_p", welch$p.value)
note("welch_ci_lower", welch$conf.int[1]); note("welch_ci_upper", welch$conf.int[2])

folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE)))
write.csv(data.frame(quantity, value = sprintf("%.15g", value)),
          file.path(folder, "psychometrics.csv"), row.names = FALSE, quote = FALSE)
write.csv(pairs[pairs$n_respondents > 0, ], file.path(folder, "bfi_item_pairs.csv"), row.names = FALSE, quote = FALSE, na = "")
