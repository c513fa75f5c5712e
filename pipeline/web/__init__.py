"""The page: search, evidence, corrections and charts of a store in a browser, in Arabic first."""
