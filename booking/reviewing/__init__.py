"""Review (審査): from an application that waits to the permit in the applicant's hand, or a refusal with its reason."""
