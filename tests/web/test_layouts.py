"""Layouts of papers: ours to take, an office's in its place, hostile ones refused, ours again; who may."""

import io
import zipfile

import docx as word
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.exchange.test_decision import paragraphs
from tests.web.campaigns import small
from tests.web.conftest import client_of
from tramyte.domain.errors import BadData, NotAllowed
from tramyte.web.actions import layouts
from tramyte.web.dossier import dossier_of, layout_of, words_of
from tramyte.web.models import Event, Layout

pytestmark = pytest.mark.django_db
PAGE = "/quan-tri/mau/?pv=08"


def own(kind="decision", text="Mẫu của Sở"):
    """Return our Word file with a line of an office in it."""
    paper = word.Document(io.BytesIO(layouts.ours(kind)))
    paper.add_paragraph(text)
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def with_part(name, content=b"x", compression=zipfile.ZIP_STORED):
    """Return our Word file with one more part."""
    out = io.BytesIO(layouts.ours("decision"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content, compression)
    return out.getvalue()


def upload(client, data, kind="decision", name="mau.docx"):
    return client.post(PAGE, {"viec": "thay", "loai": kind, "tep": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("kind", layouts.kinds())
def test_every_kind_is_taken_seen_with_the_sample_and_replaced_by_itself(province, kind):
    client = client_of(province)
    ours = client.get(f"/quan-tri/mau/{kind}/cua-ta/?pv=08").content
    assert ours == layouts.ours(kind)
    assert client.get(f"/quan-tri/mau/{kind}/xem-thu/?pv=08&dang=pdf").content.startswith(b"%PDF-")
    assert upload(client, ours, kind).status_code == 302
    assert zipfile.is_zipfile(io.BytesIO(client.get(f"/quan-tri/mau/{kind}/xem-thu/?pv=08").content))
    assert client.get(f"/quan-tri/mau/{kind}/dang-dung/?pv=08").content == ours


def test_papers_are_written_in_the_layout_of_the_office_until_it_goes_back(province):
    client, draft = client_of(province), small(province)
    before = dossier_of(draft).docx()
    assert upload(client, own()).status_code == 302
    assert "Mẫu của Sở" in paragraphs(dossier_of(draft).docx())[1]
    assert "mau.docx" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"viec": "ve", "loai": "decision", "ly-do": ""}).status_code == 422
    assert client.post(PAGE, {"viec": "ve", "loai": "decision", "ly-do": "sai mẫu"}).status_code == 302
    assert dossier_of(draft).docx() == before
    assert Layout.objects.filter(kind="decision").count() == 2, "what was in use stays on record"
    assert {one.action for one in Event.objects.filter(action__startswith="layouts.")} == {
        "layouts.upload", "layouts.go_back",
    }  # fmt: skip


HOSTILE = {
    "no zip": b"not a zip",
    "no document": b"PK\x05\x06" + b"\0" * 18,
    "a macro": with_part("word/vbaProject.bin"),
    "an embedded object": with_part("word/embeddings/oleObject1.bin"),
    "definitions": with_part("word/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "a link outside": with_part("word/_rels/x.rels", b'<Relationship TargetMode="External" Target="http://x"/>'),
    "a name nobody knows": own(text="{{ nobody }}"),
    "a way out of the sandbox": own(text="{{ ''.__class__.__mro__[1].__subclasses__() }}"),
    "a bomb": with_part("word/media/a.png", b"\0" * 12_000_000, zipfile.ZIP_DEFLATED),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_template_is_refused_and_ours_stays(province, what):
    client = client_of(province)
    answer = upload(client, HOSTILE[what])
    assert answer.status_code == 422 and 'id="wrong"' in answer.content.decode()
    assert layout_of("08", "decision") is None


def test_a_file_that_is_missing_too_large_or_of_no_kind_is_refused(province):
    client = client_of(province)
    assert client.post(PAGE, {"viec": "thay", "loai": "decision"}).status_code == 422
    assert upload(client, b"PK" + b"\0" * layouts.LIMIT).status_code == 422
    assert upload(client, own(), kind="giay-moi").status_code == 404
    for kind, data in (("giay-moi", own()), ("decision", b"PK" + b"\0" * layouts.LIMIT)):
        with pytest.raises(BadData):
            layouts.check(kind, "a.docx", data, words_of("08"))


def test_what_papers_say_of_the_office_is_said_once(province):
    client = client_of(province)
    said = words_of("08").to_json() | {"signer": "Nguyễn Văn Mẫu", "bases": "Quyết định số 1\n\nKế hoạch số 2"}
    assert client.post(PAGE, {**said, "viec": "co-quan", "agency": ""}).status_code == 422
    assert client.post(PAGE, {**said, "viec": "co-quan", "bases": "Quyết định [số]"}).status_code == 422
    assert client.post(PAGE, {**said, "viec": "co-quan"}).status_code == 302
    words = words_of("08")
    assert (words.signer, words.bases) == ("Nguyễn Văn Mẫu", ("Quyết định số 1", "Kế hoạch số 2"))
    assert not dossier_of(small(province)).decision.open_bases
    text = client.get(PAGE).content.decode()
    assert "Quyết định số 1\nKế hoạch số 2" in text and "Nguyễn Văn Mẫu" in text


@pytest.mark.parametrize("role", ["director", "clerk", "commune", "head", "sender"])
def test_nobody_else_changes_layouts(province, somebody, role):
    account = somebody(role, "08/")
    client = client_of(account)
    assert client.get(PAGE).status_code == 403 and upload(client, own()).status_code == 403
    assert client.get("/quan-tri/mau/decision/cua-ta/?pv=08").status_code == 403
    with pytest.raises(NotAllowed):
        layouts.go_back(by=account, province="08", kind="decision", reason="x")
    with pytest.raises(NotAllowed):
        layouts.say_of_office(by=account, province="08", words=words_of("08"))


def test_an_administrator_of_the_country_chooses_the_province(province, somebody):
    client = client_of(somebody("admin", ""))
    assert "Tuyên Quang" in client.get("/quan-tri/mau/").content.decode()
    assert client.get("/quan-tri/mau/?pv=99").status_code == 404
    assert client.get("/quan-tri/mau/decision/khac/").status_code == 404
