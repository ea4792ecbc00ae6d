// A file dropped anywhere on the page goes into the form marked data-drop, and the form is sent. Without this, one chooses.
const form = document.querySelector("form[data-drop]");
const input = form && form.querySelector("input[type=file]");
const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
if (input) {
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event) || !event.dataTransfer.files.length) return;
    event.preventDefault();
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
}
