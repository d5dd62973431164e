"""The project: `headway.toml`, its settings, and what `headway init` writes."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path  # noqa: TC003  pydantic reads it
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from headway.errors import ProjectError

__all__ = ["FILE", "IdeaEntry", "Project", "add_idea", "create", "find", "quoted"]

FILE: Final = "headway.toml"

FOLDER: Final = ".headway"

GapName = Literal["avoidable_bias", "variance", "data_mismatch", "dev_overfit", "real_world"]


class _Section(BaseModel):
    """A part of the file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Metric(_Section):
    """The optimizing metric."""

    metric: str = "error"
    direction: Literal["minimize", "maximize"] = "minimize"


class Limit(_Section):
    """A satisficing metric: it only has to stay on the right side of a limit."""

    metric: str
    at_most: float | None = None
    at_least: float | None = None


class Weight(_Section):
    """How much mistakes on some rows matter."""

    where: dict[str, bool | int | float | str]
    weight: float = Field(ge=0)


class Cost(_Section):
    """What one kind of answer costs: an entry of the cost table."""

    label: bool | int | str
    prediction: bool | int | str
    cost: float


class TargetSection(_Section):
    """What the team aims at."""

    optimizing: Metric | None = None
    satisficing: tuple[Limit, ...] = ()
    positive: bool | int | str | None = None
    costs: tuple[Cost, ...] = ()
    weights: tuple[Weight, ...] = ()
    importance: dict[str, float] = {}
    margin: float | None = Field(default=None, ge=0)
    level: float = Field(default=0.95, gt=0, lt=1)


class TierEntry(_Section):
    """One tier of the reference level."""

    name: str
    error: float = Field(ge=0)
    n: int | None = Field(default=None, ge=1)


class ReferenceSection(_Section):
    """How low the error could be."""

    kind: Literal["human", "best_known", "required", "previous_system"] = "human"
    tiers: tuple[TierEntry, ...] = ()
    proxy: str | None = None


class IdeaEntry(_Section):
    """One idea of the team."""

    name: str = Field(min_length=1)
    knob: str | None = None
    cost_days: float | None = Field(default=None, gt=0)


class KnobEntry(_Section):
    """A knob of the team's own."""

    name: str = Field(min_length=1)
    title: str = Field(min_length=1)
    moves: tuple[GapName, ...] = Field(min_length=1)
    usually_costs: GapName | None = None


class DataSection(_Section):
    """Where the predictions are and how they are read."""

    predictions: tuple[str, ...] = ()
    splits: dict[Literal["train", "train_dev", "dev", "test", "field"], str] = {}
    sources: tuple[str, ...] = ()
    media_roots: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    same_distribution: bool = False


class CheckSection(_Section):
    """What the gate asks, and what it leaves aside."""

    at_most: dict[GapName, float] = {}
    split: Literal["train_dev", "dev", "test", "field"] = "dev"
    ignore: tuple[str, ...] = ()


class StoreSection(_Section):
    """Where the project keeps what it remembers."""

    url: str = f"sqlite:///{FOLDER}/headway.db"


class Project(_Section):
    """The settings of a project.

    Args:
        path: The file they came from.
        target: What the team aims at.
        reference: How low the error could be.
        idea: What the team thinks of doing.
        knob: Knobs of the team's own.
        data: Where the predictions are.
        check: What the gate asks, and what it leaves aside.
        store: Where the project keeps what it remembers.
    """

    path: Path
    target: TargetSection = TargetSection()
    reference: ReferenceSection = ReferenceSection()
    idea: tuple[IdeaEntry, ...] = ()
    knob: tuple[KnobEntry, ...] = ()
    data: DataSection = DataSection()
    check: CheckSection = CheckSection()
    store: StoreSection = StoreSection()

    @property
    def folder(self) -> Path:
        """The folder that the project's paths start from."""
        return self.path.parent

    @classmethod
    def read(cls, path: Path) -> Project:
        """The settings in a file.

        Raises:
            ProjectError: If it cannot be read, is not TOML, or holds what it may not.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise ProjectError.not_toml(str(path), str(error)) from error
        except FileNotFoundError as error:
            raise ProjectError.absent(str(path.parent if path.name == FILE else path)) from error
        except OSError as error:
            raise ProjectError.not_read(str(path), error.strerror or "refused") from error
        return cls.of(text, path)

    @classmethod
    def of(cls, text: str, path: Path) -> Project:
        """The settings in the text of a file.

        Raises:
            ProjectError: If it is not TOML, or holds what it may not.
        """
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ProjectError.not_toml(str(path), str(error)) from error
        try:
            return cls(path=path, **values)
        except (ValidationError, TypeError) as error:
            raise _refusal(path, error) from error


def _refusal(path: Path, error: ValidationError | TypeError) -> ProjectError:
    """The first thing that is wrong with a file, as a refusal."""
    if isinstance(error, TypeError):
        return ProjectError.bad_key(str(path), "path", "it is not a key", _keys(Project))
    first = error.errors()[0]
    where = [str(part) for part in first["loc"] if part != "[key]"]
    reason = str(first["msg"]).removeprefix("Value error, ")
    model: type[BaseModel] = Project
    for part in where[:-1]:
        field = model.model_fields.get(part)
        model = next((m for m in _models(field) if field is not None), model)
    known = _keys(model) if first["type"] == "extra_forbidden" else []
    reason = "it is not a key" if known else reason[0].lower() + reason[1:]
    return ProjectError.bad_key(str(path), ".".join(where), reason, known)


def _models(field: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - pydantic's field
    """The sections that a field of a section can hold."""
    annotation = getattr(field, "annotation", None)
    candidates = [annotation, *getattr(annotation, "__args__", ())]
    return [c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)]


def _keys(model: type[BaseModel]) -> list[str]:
    """The keys of a section."""
    return [name for name in model.model_fields if name != "path"]


def find(start: Path) -> Path | None:
    """The nearest `headway.toml` in a folder or above it, or None."""
    folders = [start.resolve(), *start.resolve().parents]
    return next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)


def create(folder: Path, text: str) -> Path:
    """Write a new project file and its folder.

    Args:
        folder: Where the project lives; made if absent.
        text: The file's text.

    Returns:
        The path of the file.

    Raises:
        ProjectError: If there is one already, it holds what it may not, or it cannot be written.
    """
    path = folder / FILE
    if path.exists():
        raise ProjectError.exists(str(path))
    Project.of(text, path)
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        (folder / FOLDER / ".gitignore").write_text("*\n", encoding="utf-8")
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ProjectError.not_written(str(path), error.strerror or "refused") from error
    return path


def quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False)


def add_idea(path: Path, idea: IdeaEntry) -> None:
    """Append an idea to the project file; what is there stays as it is, comments included.

    Raises:
        ProjectError: If the file cannot be written.
    """
    lines = ["", "[[idea]]", f"name = {quoted(idea.name)}"]
    if idea.knob is not None:
        lines.append(f"knob = {quoted(idea.knob)}")
    if idea.cost_days is not None:
        lines.append(f"cost_days = {idea.cost_days!r}")
    try:
        text = path.read_text(encoding="utf-8") + "\n".join(lines) + "\n"
        Project.of(text, path)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ProjectError.not_written(str(path), error.strerror or "refused") from error
