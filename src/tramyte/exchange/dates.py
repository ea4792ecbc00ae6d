def date_findings(pages):
    return []
