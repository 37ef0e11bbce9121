"""PDFs: the assessment, its countries' own, and those for one reader; docs/pdf.md says how they are made."""
