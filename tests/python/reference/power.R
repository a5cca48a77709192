# The power of two arms by R's own functions (package stats). Writes power.csv beside itself:
#   Rscript tests/python/reference/power.R
# Clusters: n divided by the design effect, degrees of freedom of the clusters, and R's noncentral t distribution.

here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
rows <- list()
note <- function(quantity, n = NA, level = NA, effect = NA, sd = NA, size = 1, icc = 0, alpha = 0.05, power = 0.8, value) {
  rows[[length(rows) + 1]] <<- data.frame(quantity, n, level, effect, sd, size, icc, alpha, power, value)
}
tight <- 1e-12

for (n in c(40, 150, 300, 1000)) for (level in c(0.05, 0.4, 0.5)) for (rise in c(0.03, 0.1))
  note("power_of_proportions", n, level, rise, power = NA,
       value = power.prop.test(n = n, p1 = level, p2 = level + rise, strict = FALSE)$power)
for (n in c(40, 300, 1000)) for (level in c(0.1, 0.4)) for (power in c(0.8, 0.9))
  note("smallest_rise", n, level, power = power,
       value = power.prop.test(n = n, p1 = level, power = power, tol = tight)$p2 - level)
for (level in c(0.1, 0.4)) for (rise in c(0.02, 0.1)) for (alpha in c(0.05, 0.01))
  note("people_for_a_rise", level = level, effect = rise, alpha = alpha,
       value = power.prop.test(p1 = level, p2 = level + rise, sig.level = alpha, power = 0.8, tol = tight)$n)
for (n in c(10, 150, 1000)) for (effect in c(3, 12))
  note("power_of_means", n, effect = effect, sd = 30, power = NA,
       value = power.t.test(n = n, delta = effect, sd = 30)$power)
for (n in c(10, 150, 1000)) for (power in c(0.8, 0.9))
  note("smallest_difference", n, sd = 30, power = power,
       value = power.t.test(n = n, sd = 30, power = power, tol = tight)$delta)
for (effect in c(2, 10))
  note("people_for_a_difference", effect = effect, sd = 30,
       value = power.t.test(delta = effect, sd = 30, power = 0.8, tol = tight)$n)

# Clusters of `size` people: all of a cluster are in one arm.
clustered <- function(n, effect, sd, size, icc, alpha) {
  design <- 1 + (size - 1) * icc
  df <- 2 * (n / size - 1)
  pt(qt(alpha / 2, df, lower.tail = FALSE), df, ncp = sqrt(n / design / 2) * effect / sd, lower.tail = FALSE)
}
for (n in c(40, 300)) for (size in c(2, 20))
  note("power_of_means", n, effect = 10, sd = 30, size = size, icc = 0.05, power = NA,
       value = clustered(n, 10, 30, size, 0.05, 0.05))
for (n in c(50, 600))
  note("smallest_correlation", n, value = tanh((qnorm(0.975) + qnorm(0.8)) / sqrt(n - 3)))
for (n in c(50, 600))
  note("margin_of_error", n, level = 0.4, power = NA, value = qnorm(0.975) * sqrt(0.4 * 0.6 / n))

table <- do.call(rbind, rows)
table$value <- format(table$value, digits = 15, trim = TRUE, scientific = FALSE)
write.csv(table, file.path(here, "power.csv"), row.names = FALSE, quote = FALSE, na = "")
