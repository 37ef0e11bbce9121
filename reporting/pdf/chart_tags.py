"""Charts as one figure each: the labels that WeasyPrint tags after a chart's image are put below it.

Whoever hears the document hears the text alternative of the figure, in place of a row of loose words.
"""

from io import BytesIO

from pikepdf import Array, Dictionary, Name, Pdf

CHART = '<div class="chart">'  # how a chart begins in the HTML


def grouped(content: bytes) -> bytes:
    """Return a tagged PDF in which what follows an image that begins a division belongs to the image's figure."""
    with Pdf.open(BytesIO(content)) as pdf:
        for one in pdf.objects:
            if isinstance(one, Dictionary) and one.get("/S") == Name.Div and len(one.get("/K", [])) > 1:
                figure, *labels = one.K
                if isinstance(figure, Dictionary) and figure.get("/S") == Name.Figure:
                    for label in labels:
                        label.P = figure
                        figure.K.append(label)
                    one.K = Array([figure])
        output = BytesIO()
        pdf.save(output, deterministic_id=True)
        return output.getvalue()
