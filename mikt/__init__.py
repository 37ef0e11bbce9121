"""The portal as a site: settings, URLs, and the two pages that span both apps."""
