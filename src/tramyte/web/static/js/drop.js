// A file dropped anywhere on the page, or pasted, goes into the form marked data-drop, and the form is sent. Without
// this, one chooses.
const form = document.querySelector("form[data-drop]");
const input = form && form.querySelector("input[type=file]");
const hasFiles = (data) => data && [...data.types].includes("Files");
const take = (event, data) => {
  if (!hasFiles(data) || !data.files.length) return;
  event.preventDefault();
  input.files = data.files;
  form.requestSubmit();
};
if (input) {
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => take(event, event.dataTransfer));
  document.addEventListener("paste", (event) => take(event, event.clipboardData));
}
