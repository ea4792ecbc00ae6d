def link_findings(pages):
    return []
