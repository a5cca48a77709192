# Peer in R, with data.table and estimatr: the files of a project to levels, correlations and effects of the nudges.
#
#     Rscript --vanilla data_table.R PROJECT RESULTS
#
# Each export is read as text, and its distinct labels become numbers by the codebook. data.table computes means by
# group, cor.test the correlations, and lm_robust the regressions of the outcomes on the arms.
suppressPackageStartupMessages({
  library(data.table)
  library(estimatr)
})
setDTthreads(2)
arguments <- commandArgs(trailingOnly = TRUE)
project <- arguments[1]
read <- function(table) {
  fread(file.path(project, "seeds/codebook", paste0(table, ".csv")), colClasses = "character", na.strings = NULL)
}
exports <- read("exports")
questions <- merge(read("questions"), read("constructs")[, .(construct_id, role)], by = "construct_id", sort = FALSE)
questions[topic_id == "", topic_id := "all"]
all_answers <- read("answers")
all_scales <- read("scales")
measures <- read("measures")
breakdowns <- read("breakdowns")
groups_by_score <- read("breakdown_groups")
age_bands <- read("age_bands")

plain <- function(label) {
  label <- gsub("[\u2019\u2018\u02bc`\u00b4]", "'", label)
  label <- gsub("[\u2010\u2011\u2012\u2013\u2014\u2212]", "-", label)
  gsub("\\s+", " ", trimws(tolower(label)))
}

# What each of the distinct labels of a column means: score, whether it is positive or often, and its group or arm.
meaning <- function(question, labels) {
  listed <- all_answers[scale_id == question$scale_id]
  scale <- all_scales[scale_id == question$scale_id]
  found <- listed[match(plain(labels), plain(listed$answer_label))]
  valid <- found$answer_kind %in% "valid"
  score <- suppressWarnings(as.numeric(found$answer_score))
  if (question$is_reversed == "true") score <- as.numeric(scale$minimum) + as.numeric(scale$maximum) - score
  group <- found$answer_name
  breakdown <- breakdowns[construct_id == question$construct_id]$breakdown_id
  together <- groups_by_score[breakdown_id %in% breakdown]
  if (nrow(together) > 0) {
    place <- match(score, as.numeric(together$answer_score))
    value <- together$breakdown_value[place]
    group <- ifelse(is.na(place), NA, ifelse(value == "", group, value))
  }
  is_number <- is.na(found$answer_kind) & plain(labels) != "" & scale$kind %in% c("integer", "decimal")
  number <- suppressWarnings(as.numeric(ifelse(is_number, labels, NA)))
  band <- findInterval(number, as.numeric(age_bands$minimum_age))
  if (any(is.na(found$answer_kind) & plain(labels) != "" & is.na(number))) stop(question$column_name, ": unknown label")
  has_often <- any(listed$is_often == "true")
  list(
    score = ifelse(is_number, number, ifelse(valid, score, NA)),
    is_positive = ifelse(valid, found$is_positive == "true", NA),
    is_often = if (has_often) ifelse(valid, found$is_often == "true", NA) else rep(NA, length(labels)),
    group = ifelse(is_number, age_bands$age_band[band], ifelse(valid, group, NA))
  )
}

of_export <- function(export) {
  asked <- questions[export_id == export$export_id]
  file <- file.path(project, "seeds/exports", paste0(export$export_id, ".csv"))
  raw <- fread(file, select = asked$column_name, colClasses = "character", na.strings = NULL)
  people <- list()
  for (place in seq_len(nrow(asked))) {
    question <- asked[place]
    labels <- unique(raw[[question$column_name]])
    number <- match(raw[[question$column_name]], labels)
    means <- meaning(question, labels)
    for (kind in names(means)) people[[paste(question$column_name, kind)]] <- means[[kind]][number]
  }
  setDT(people)

  defined <- list()
  for (place in seq_len(nrow(measures))) {
    measure <- measures[place]
    of <- asked[construct_id == measure$construct_id]
    for (theme in unique(of$theme_id)) {
      for (topic in unique(c(of[theme_id == theme]$topic_id, "all"))) {
        columns <- of[theme_id == theme & (topic == "all" | topic_id == topic)]$column_name
        is_often <- measure$counts_answer %in% c("often", "positive_not_often")
        positive <- people[, paste(columns, "is_positive"), with = FALSE]
        often <- people[, paste(columns, "is_often"), with = FALSE]
        n_valid <- rowSums(!is.na(if (is_often) often else positive))
        n_positive <- rowSums(positive, na.rm = TRUE)
        n_often <- rowSums(often, na.rm = TRUE)
        value <- if (measure$kind == "share_of_items") n_positive / n_valid else as.numeric(switch(measure$counts_answer,
          positive = n_positive > 0,
          often = n_often > 0,
          positive_not_often = n_positive > 0 & n_often == 0
        ))
        least <- if (measure$minimum_share_answered == "") 0 else as.numeric(measure$minimum_share_answered)
        value[n_valid == 0 | n_valid < least * length(columns)] <- NA
        name <- paste("measure", length(defined) + 1)
        set(people, j = name, value = value)
        defined[[name]] <- list(
          survey = list(council_id = export$council_id, wave_id = export$wave_id, theme_id = theme, topic_id = topic),
          measure_id = measure$measure_id, is_index = measure$kind == "share_of_items",
          is_outcome = measure$is_outcome == "true"
        )
      }
    }
  }
  primary <- asked[is_primary == "true"]
  levels <- list()
  for (breakdown in c("all", breakdowns$breakdown_id)) {
    column <- primary[construct_id %in% breakdowns[breakdown_id == breakdown]$construct_id]$column_name
    if (breakdown == "all") by <- rep("all", nrow(people)) else if (length(column)) by <- people[[paste(column, "group")]] else next
    for (name in names(defined)) {
      of <- defined[[name]]
      table <- people[, .(n = sum(!is.na(get(name))), mean = mean(get(name), na.rm = TRUE), variance = var(get(name), na.rm = TRUE)), by = .(value = by)]
      table <- table[!is.na(value) & n > 0]
      if (nrow(table)) levels[[length(levels) + 1]] <- data.table(
        as.data.table(of$survey), measure_id = of$measure_id, breakdown_id = breakdown, breakdown_value = table$value,
        n_respondents = table$n, estimate = table$mean,
        std_error = sqrt((if (of$is_index) table$variance else table$mean * (1 - table$mean)) / table$n)
      )
    }
  }

  themes <- unique(asked[role == "outcome"]$theme_id)
  correlates <- list()
  candidates <- primary[role == "correlate" | construct_id %in% breakdowns$construct_id]
  for (name in names(defined)) {
    of <- defined[[name]]
    if (!of$is_outcome || of$survey$topic_id != "all") next
    for (place in seq_len(nrow(candidates))) {
      correlate <- candidates[place]
      about_theme <- correlate$role == "correlate" && correlate$theme_id != ""
      if (about_theme && correlate$theme_id != of$survey$theme_id) next
      x <- people[[name]]
      y <- people[[paste(correlate$column_name, "score")]]
      n <- sum(!is.na(x) & !is.na(y))
      test <- cor.test(x, y)
      survey <- of$survey
      survey$topic_id <- if (about_theme) correlate$topic_id else "all"
      correlates[[length(correlates) + 1]] <- data.table(
        as.data.table(survey), construct_id = correlate$construct_id, outcome_id = of$measure_id,
        n_respondents = n, estimate = unname(test$estimate), p_value_t = test$p.value
      )
    }
  }

  nudges <- list()
  arm_column <- primary[construct_id == "nudge"]$column_name
  for (name in names(defined)[length(arm_column) * seq_along(defined)]) {
    of <- defined[[name]]
    if (!of$is_outcome) next
    answered <- data.frame(outcome = 100 * people[[name]], arm = people[[paste(arm_column, "group")]])
    answered <- answered[complete.cases(answered), ]
    answered$arm <- relevel(factor(answered$arm), "none")
    fit <- lm_robust(outcome ~ arm, data = answered, se_type = "HC2")
    n <- table(answered$arm)
    for (arm in setdiff(names(n), "none")) {
      n0 <- as.numeric(n["none"])
      n1 <- as.numeric(n[arm])
      estimate <- unname(fit$coefficients[paste0("arm", arm)])
      error <- unname(fit$std.error[paste0("arm", arm)])
      # The degrees of freedom of Bell and McCaffrey, in their closed form for two arms.
      df <- (1 / n0 + 1 / n1)^2 / (1 / (n0^2 * (n0 - 1)) + 1 / (n1^2 * (n1 - 1)))
      nudges[[length(nudges) + 1]] <- data.table(
        as.data.table(of$survey), outcome_id = of$measure_id, contrast_id = arm, n_arm = n1, n_control = n0,
        estimate = estimate, std_error = error, p_value = 2 * pt(-abs(estimate / error), df)
      )
    }
  }
  list(levels = rbindlist(levels), correlates = rbindlist(correlates), nudges = rbindlist(nudges))
}

found <- lapply(seq_len(nrow(exports)), function(place) of_export(exports[place]))
for (name in c("levels", "correlates", "nudges")) {
  fwrite(rbindlist(lapply(found, `[[`, name)), file.path(arguments[2], paste0(name, ".csv")))
}
