# Makes the frozen values of tests/domain/test_r_fixtures.py with R's survey package:
#     Rscript tests/data/r/make.R tests/data/r
# The tests never need R. Traps: confint() uses df = Inf unless it is told, degf() of a subset counts only sampling
# units with a member while the variance keeps the empty ones, a lonely sampling unit is "adjust".
suppressMessages(library(survey))
options(survey.lonely.psu = "adjust", warn = 1)
data(api)
folder <- commandArgs(trailingOnly = TRUE)[1]

# ---- writing ----------------------------------------------------------------------------------------
number <- function(x) ifelse(is.na(x), "null", sprintf("%.17g", x))
text <- function(x) paste0('"', x, '"')
array <- function(x) {
  cells <- if (is.numeric(x) || is.logical(x)) number(as.numeric(x)) else text(as.character(x))
  paste0("[", paste(cells, collapse = ", "), "]")
}
object <- function(items, indent = "  ") {
  lines <- mapply(function(name, value) paste0(indent, text(name), ": ", value), names(items), items)
  paste0("{\n", paste(lines, collapse = ",\n"), "\n", substring(indent, 3), "}")
}
columns <- function(frame) object(lapply(frame, array), "    ")
write_fixture <- function(name, rows, values) {
  made <- c(r = text(paste(R.version$major, R.version$minor, sep = ".")),
            survey = text(as.character(packageVersion("survey"))), script = text("make.R"))
  content <- list(made_with = object(as.list(made), "    "), rows = columns(rows), values = object(values, "    "))
  writeLines(object(content), file.path(folder, paste0(name, ".json")))
}
# What every fixture says of a figure: value, standard error, df, and the 95 % t interval around it.
figure <- function(value, se, df, extra = list()) {
  t <- qt(0.975, df)
  fields <- list(value = value, se = se, df = df, low = value - t * se, high = value + t * se)
  object(lapply(c(fields, extra), function(x) number(as.numeric(x))), "      ")
}
from <- function(stat, df, extra = list()) figure(coef(stat)[[1]], SE(stat)[[1]], df, extra)
checked <- function(stat, df) { # the interval through confint itself
  interval <- confint(stat, df = df)
  from(stat, df, list(confint_low = interval[1], confint_high = interval[2]))
}
logit <- function(formula, design) { # a proportion with its logit-t interval
  df <- degf(design)
  stat <- svyciprop(formula, design, method = "logit", df = df)
  interval <- attr(stat, "ci")
  mean <- svymean(formula, design)
  from(mean, df, list(logit_low = interval[[1]], logit_high = interval[[2]]))
}

# ---- the classic sets -------------------------------------------------------------------------------
api_rows <- function(frame, psu, stratum, group) data.frame(
  psu = psu, stratum = stratum, weight = frame$pw, group = group, api00 = frame$api00,
  api_stu = frame$api.stu, enroll = frame$enroll, award = as.integer(frame$awards == "Yes"))
api_values <- function(design) {
  design <- update(design, award = as.integer(awards == "Yes"))
  inside <- subset(design, sch.wide == "Yes")
  by_award <- svyby(~api00, ~award, design, svymean, covmat = TRUE)
  list(
    mean = checked(svymean(~api00, design), degf(design)),
    ratio = checked(svyratio(~api.stu, ~enroll, design), degf(design)),
    domain = checked(svymean(~api00, inside), degf(inside)),
    award = logit(~award, design),
    difference = from(svycontrast(by_award, c("0" = -1, "1" = 1)), degf(design)))
}
schoolwide <- function(rows, frame) { rows$inside <- as.integer(frame$sch.wide == "Yes"); rows }

strat <- svydesign(id = ~1, strata = ~stype, weights = ~pw, data = apistrat)
rows <- api_rows(apistrat, seq_len(nrow(apistrat)), apistrat$stype, apistrat$stype)
write_fixture("apistrat", schoolwide(rows, apistrat), api_values(strat))

srs <- svydesign(id = ~1, weights = ~pw, data = apisrs)
rows <- api_rows(apisrs, seq_len(nrow(apisrs)), "all", apisrs$stype)
write_fixture("apisrs", schoolwide(rows, apisrs), api_values(srs))

clus2 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus2)
keep <- !is.na(apiclus2$enroll) & !is.na(apiclus2$api.stu) # svyratio drops them; the mean must see the same rows
clus2 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus2[keep, ])
rows <- api_rows(apiclus2[keep, ], apiclus2$dnum[keep], "all", apiclus2$stype[keep])
write_fixture("apiclus2", schoolwide(rows, apiclus2[keep, ]), api_values(clus2))

clus1 <- svydesign(id = ~dnum, weights = ~pw, data = apiclus1)
margins <- data.frame(stype = c("E", "H", "M"), Freq = c(4421, 755, 1018))
post <- postStratify(clus1, ~stype, margins)
post <- update(post, award = as.integer(awards == "Yes"))
part <- subset(post, sch.wide == "Yes")
rows <- api_rows(apiclus1, apiclus1$dnum, "all", apiclus1$stype)
write_fixture("apiclus1", schoolwide(rows, apiclus1), c(api_values(clus1), list(
  post_mean = from(svymean(~api00, post), degf(post)),
  post_ratio = from(svyratio(~api.stu, ~enroll, post), degf(post)),
  post_award = from(svymean(~award, post), degf(post)),
  post_domain = from(svymean(~api00, part), degf(part)))))

# ---- a one-stop counter: two blocks of four weeks -----------------------------------------------------
# One week has a single day (a holiday), days are of unequal size, one day has no answer to the module item.
set.seed(20261123)
weeks <- sprintf("2026-W%02d", 40:47)
days <- do.call(rbind, lapply(weeks, function(week) {
  count <- if (week == "2026-W43") 1 else 5
  data.frame(week = week, day = paste0(week, "-", seq_len(count)), forms = sample(9:22, count, TRUE),
             quality = rnorm(count, 1.4, 0.35))
}))
frame <- days[rep(seq_len(nrow(days)), days$forms), c("week", "day", "quality")]
size <- nrow(frame)
frame$group <- sample(c("cert", "construction", "land", "other"), size, TRUE, c(.4, .13, .17, .3))
frame$flagged <- rbinom(size, 1, 0.07)
effect <- c(cert = .4, construction = -.3, land = -.5, other = 0)[frame$group]
answer <- function(shift, silent, asked = rep(1, size)) {
  value <- rbinom(size, 1, plogis(frame$quality + effect + shift + .8 * frame$flagged))
  value[rbinom(size, 1, silent) == 1 | asked == 0] <- NA
  value
}
criteria <- paste0("c", 1:8)
for (position in seq_along(criteria)) frame[[criteria[position]]] <- answer(c(.9, .2, 1, 1.2, 0, .5, -.1, .6)[position], .04)
steps <- rbinom(size, 4, plogis(frame$quality + effect))
frame$rating <- ifelse(rbinom(size, 1, .03) == 1, NA, steps + 1)
module <- rbinom(size, 1, .5)
module[frame$day == "2026-W45-3"] <- 0
frame$extra <- answer(1.2, .05, module) # 1: no extra payment asked for
frame$gifts <- answer(.7, .05, module)
frame$quality <- NULL
frame$late <- as.integer(frame$week >= "2026-W44")
frame$satisfied <- ifelse(is.na(frame$rating), NA, as.integer(frame$rating >= 4))

zero <- function(x) ifelse(is.na(x), 0, x)
for (item in c(criteria, "satisfied", "extra", "gifts")) {
  frame[[paste0("y_", item)]] <- zero(frame[[item]])
  frame[[paste0("n_", item)]] <- as.integer(!is.na(frame[[item]]))
}
groups <- c("cert", "construction", "land", "other")
scored <- c()
for (group in groups) for (item in criteria) {
  name <- paste(item, group, sep = "_")
  frame[[paste0("y_", name)]] <- frame[[paste0("y_", item)]] * (frame$group == group)
  frame[[paste0("n_", name)]] <- frame[[paste0("n_", item)]] * (frame$group == group)
  scored <- c(scored, name)
}
# Copies of each column for the two blocks and for the forms without a flag.
plain <- c(scored, "satisfied", "extra", "gifts")
for (item in plain) for (side in c("y_", "n_")) {
  frame[[paste0("late_", side, item)]] <- frame[[paste0(side, item)]] * frame$late
  frame[[paste0("early_", side, item)]] <- frame[[paste0(side, item)]] * (1 - frame$late)
  frame[[paste0("late_clean_", side, item)]] <- frame[[paste0("late_", side, item)]] * (1 - frame$flagged)
}
office <- svydesign(id = ~day, strata = ~week, weights = ~1, data = frame)

# Any linear combination of ratios of totals: the delta method on totals carries every covariance.
terms <- function(items, weight, prefix = "") {
  paste0(weight, " * `", prefix, "y_", items, "` / `", prefix, "n_", items, "`", collapse = " + ")
}
contrast <- function(design, expression) {
  names <- unique(all.vars(parse(text = expression)[[1]]))
  totals <- svytotal(reformulate(names), design)
  svycontrast(totals, parse(text = expression)[[1]])
}
late <- subset(office, late == 1)
# Degrees of freedom of the forms with an answer to any of the items.
df_of <- function(items, design) {
  answered <- rowSums(design$variables[paste0("n_", items)]) > 0
  degf(subset(design, answered))
}
rows_late <- frame$late == 1
dimension <- terms(scored, "0.03125", "late_")
module_items <- c("extra", "gifts")
clean <- svydesign(id = ~day, strata = ~week, weights = ~1, data = frame[rows_late, ])

margins <- data.frame(group = groups, Freq = c(380, 150, 230, 410))
post <- postStratify(clean, ~group, margins)
pairs <- transform(frame[rows_late, ], cell = ifelse(group %in% c("construction", "land"), "building", group))
coarse <- svydesign(id = ~day, strata = ~week, weights = ~1, data = pairs)
coarse <- postStratify(coarse, ~cell, data.frame(cell = c("building", "cert", "other"), Freq = c(380, 380, 410)))
early <- svydesign(id = ~day, strata = ~week, weights = ~1, data = frame[!rows_late, ])
early <- postStratify(early, ~group, data.frame(group = groups, Freq = c(350, 120, 200, 300)))

by_window <- svyby(~y_satisfied, ~late, denominator = ~n_satisfied, office, svyratio, covmat = TRUE)
both <- c("satisfied")
values <- list(
  satisfied = logit(~satisfied, subset(late, !is.na(satisfied))),
  early_satisfied = logit(~satisfied, subset(office, late == 0 & !is.na(satisfied))),
  extra = logit(~extra, subset(late, !is.na(extra))),
  dimension_5 = from(contrast(office, dimension), df_of(criteria, late)),
  subdimension_51 = from(contrast(office, terms(scored[1:8], "0.125", "late_")),
                         df_of(scored[1:8], late)),
  subdimension_42 = from(contrast(office, terms(module_items, "0.5", "late_")), df_of(module_items, late)),
  satisfied_change = from(svycontrast(by_window, c("1" = 1, "0" = -1)), df_of("satisfied", office)),
  dimension_5_change = from(contrast(office, paste(dimension, "-", paste0("(", terms(scored, "0.03125", "early_"), ")"))),
                            df_of(criteria, office)),
  satisfied_flags = from(contrast(office, paste(terms(both, "1", "late_clean_"), "- (", terms(both, "1", "late_"), ")")),
                         df_of(both, late)),
  dimension_5_flags = from(contrast(office, paste(terms(scored, "0.03125", "late_clean_"), "- (", dimension, ")")),
                           df_of(criteria, late)),
  post_satisfied = from(svyratio(~y_satisfied, ~n_satisfied, post), df_of("satisfied", post)),
  post_early_satisfied = from(svyratio(~y_satisfied, ~n_satisfied, early), df_of("satisfied", early)),
  post_extra = from(svyratio(~y_extra, ~n_extra, post), df_of("extra", post)),
  post_dimension_5 = from(contrast(post, terms(scored, "0.03125")), df_of(criteria, post)),
  post_subdimension_42 = from(contrast(post, terms(module_items, "0.5")), df_of(module_items, post)),
  collapsed_satisfied = from(svyratio(~y_satisfied, ~n_satisfied, coarse), df_of("satisfied", coarse)),
  collapsed_subdimension_42 = from(contrast(coarse, terms(module_items, "0.5")), df_of(module_items, coarse)))
write_fixture("office", frame[c("week", "day", "group", "flagged", criteria, "rating", "extra", "gifts")], values)

# ---- distributions ------------------------------------------------------------------------------------
points <- expand.grid(x = c(0.05, 0.7, 3.2, 8, 14.5, 40), df = c(1, 2, 6, 11, 40))
tails <- expand.grid(t = c(0, 0.3, 1.1, 2.05, 3.4, 7), df = c(1, 4, 16, 60))
rates <- c(0.001, 0.004, 0.012, 0.03, 0.04, 0.2, 0.61, 0.9)
ends <- c(0.025, 0.3, 0.975)
betas <- rbind( # the last three: Clopper–Pearson on sizes that are no whole numbers
  expand.grid(q = ends, a = c(0.5, 2, 12), b = c(0.5, 3.25, 40)),
  data.frame(q = c(0.025, 0.975, 0.025), a = c(58.13, 27.6, 0.97 * 38.71), b = c(1, 2.35, 0.03 * 38.71 + 1)))
degrees <- c(1, 2, 3, 4, 8, 12, 30, 91, 1000)
shares <- chisq.test(c(61, 70, 55, 58, 77, 49, 63))
finished <- chisq.test(rbind(c(50, 61, 47, 48, 66, 45, 52), c(11, 9, 8, 10, 11, 4, 11)), correct = FALSE)
write_fixture("distributions", data.frame(x = 0)[0, , drop = FALSE], lapply(list(
  chi_x = points$x, chi_df = points$df, chi_tail = pchisq(points$x, points$df, lower.tail = FALSE),
  t_x = tails$t, t_df = tails$df, t_tail = 2 * pt(tails$t, tails$df, lower.tail = FALSE),
  beta_q = betas$q, beta_a = betas$a, beta_b = betas$b, beta_x = qbeta(betas$q, betas$a, betas$b),
  qt_df = degrees, qt_x = qt(0.975, degrees),
  p = rates, holm = p.adjust(rates, "holm"),
  shares = c(shares$statistic, shares$parameter, shares$p.value),
  finished = c(finished$statistic, finished$parameter, finished$p.value)), array))
