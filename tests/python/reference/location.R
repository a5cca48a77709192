# Permutation p of metropolitan against other areas in R, by base R alone. Writes location.csv beside itself:
#   Rscript tests/python/reference/location.R
# The levels are made by integer arithmetic; `tied` has equal levels, `balanced` as many areas on either side.

level <- function(n, step) ((step * (1:n)^2) %% 97) / 97
cases <- list(
  eight = list(y = level(8, 31), m = 3),
  tied = list(y = c(0.2, 0.2, 0.4, 0.4, 0.4, 0.7, 0.7, 0.9, 0.2), m = 4),
  balanced = list(y = level(10, 53), m = 5),
  twelve = list(y = level(12, 17), m = 2),
  extreme = list(y = (1:9) / 10, m = 4)
)
quantity <- character(0); value <- numeric(0)
note <- function(name, number) { quantity <<- c(quantity, name); value <<- c(value, unname(number)) }
for (name in names(cases)) {
  y <- cases[[name]]$y; m <- cases[[name]]$m
  d <- combn(length(y), m, function(i) mean(y[i]) - mean(y[-i]))
  observed <- mean(y[1:m]) - mean(y[-(1:m)])
  note(paste0(name, "_m"), m)
  for (i in seq_along(y)) note(paste0(name, "_level_", i), y[i])
  note(paste0(name, "_estimate"), observed)
  note(paste0(name, "_n_arrangements"), length(d))
  note(paste0(name, "_p_value"), mean(abs(d) >= abs(observed) - 1e-9))
}
script <- sub("--file=", "", grep("--file=", commandArgs(FALSE), value = TRUE))
write.csv(data.frame(quantity, value = sprintf("%.15g", value)),
          file.path(dirname(script), "location.csv"), row.names = FALSE, quote = FALSE)
