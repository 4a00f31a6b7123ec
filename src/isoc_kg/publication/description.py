"""The publication described for machines: counted (VoID), catalogued (DCAT), measured (DQV)."""

from collections.abc import Sequence
from itertools import chain

from ..authoring.dataset import Dataset
from ..namespaces import RDF, VOID
from ..rdf.lines import sort_lines
from ..rdf.tokens import statement_line
from ..validation import Report
from .catalogue import describe_catalogue
from .data_file import DataFile
from .quality import measure_quality
from .statistics import count_dataset

__all__ = ["describe_dataset"]


def describe_dataset(dataset: Dataset, files: Sequence[DataFile], report: Report) -> list[bytes]:
    """Sorted canonical triples that describe the dataset, its graphs, classes, properties, files and quality."""
    name = dataset.project.ids.dataset
    about = [statement_line(name, RDF.type, VOID.Dataset)]
    if dataset.project.subject:
        about.append(statement_line(name, VOID.exampleResource, dataset.project.ids.thing(dataset.project.subject)))
    lines = chain(
        about,
        count_dataset(dataset, list(files)),
        describe_catalogue(dataset, files),
        measure_quality(dataset, report),
    )
    return sort_lines(list(dict.fromkeys(lines)))
