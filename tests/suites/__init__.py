"""Cases of public suites, read as files of users are, and held against what the suites say of them."""
