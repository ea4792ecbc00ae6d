def figure_findings(pages):
    return []
