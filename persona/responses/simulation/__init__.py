"""Parts of :func:`persona.responses.simulate.simulate`: plan, answers, words, workbook."""
