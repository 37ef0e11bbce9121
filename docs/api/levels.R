#!/usr/bin/env Rscript
# Print the levels that one country reported, cycle by cycle, from the portal's open data.
#
#     Rscript levels.R https://portal.example.org MT
#
# Needs R and jsonlite (Debian: apt install r-base-core r-cran-jsonlite). "|" parts cycles between which the wording of
# the indicator changed: do not compare levels across it.

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 2) stop("Say where the portal is, and the two letters of a country.")
root <- paste0(sub("/$", "", arguments[1]), "/api/v1/published/")

package <- jsonlite::fromJSON(paste0(root, "datapackage.json"), simplifyDataFrame = FALSE)
resource <- Filter(function(one) one$name == "levels", package$resources)[[1]]
address <- paste0(root, resource$path, "?country=", utils::URLencode(arguments[2], reserved = TRUE))
rows <- read.csv(address, colClasses = "character", encoding = "UTF-8")

if (nrow(rows) == 0) {
  cat("Nothing is published of ", arguments[2], ".\n", sep = "")
  quit(status = 0)
}
if (nrow(rows) != as.integer(rows$rows[1])) stop("The file was cut on its way.")

signs <- c(not_applicable = "n/a", unknown = "?")
rows$answer <- ifelse(rows$level == "", signs[rows$kind], rows$level)
for (questionnaire in unique(rows$questionnaire)) {
  asked <- rows[rows$questionnaire == questionnaire, ]
  cycles <- unique(asked$cycle)
  cat(questionnaire, "\n", sep = "")
  cat(sprintf("%-8s", ""), sprintf("%8s", cycles), "\n", sep = "")
  for (label in unique(asked$label)) {
    line <- sprintf("%-8s", label)
    before <- NULL
    for (cycle in cycles) {
      row <- asked[asked$label == label & asked$cycle == cycle, ]
      given <- nrow(row) == 1
      parted <- given && !is.null(before) && row$series != before
      line <- paste0(line, if (parted) "|" else " ", sprintf("%7s", if (given) row$answer else ""))
      if (given) before <- row$series
    }
    cat(line, "\n", sep = "")
  }
}
