// A file input with `data-upload`: each chosen file goes up by itself (tus), its id lands in the form.
import { FileRow } from "./upload_row";
import { sendFile, type Sending } from "./upload_send";

export function bindUploads(): void {
  document.querySelectorAll<HTMLElement>("[data-upload]").forEach((box) => {
    if (box.dataset.bound) return;
    box.dataset.bound = "1";
    new UploadBox(box);
  });
}

class UploadBox {
  private readonly input: HTMLInputElement;
  private readonly ids: HTMLInputElement;
  private readonly list: HTMLElement;
  private readonly attest: HTMLInputElement | null;
  private readonly waiting: File[] = [];
  private readonly note = document.createElement("p");
  private readonly running = new Map<FileRow, Sending>();
  // The button that was pressed while a file was still going up: pressed again once the last one has arrived.
  private pressed: HTMLElement | null = null;

  constructor(private readonly box: HTMLElement) {
    this.input = box.querySelector<HTMLInputElement>("input[type=file]")!;
    this.ids = box.querySelector<HTMLInputElement>("[data-upload-ids]")!;
    this.list = box.querySelector<HTMLElement>("[data-upload-list]")!;
    this.attest = box.querySelector<HTMLInputElement>("[data-upload-attest]");
    this.input.addEventListener("change", () => this.take([...(this.input.files ?? [])]));
    this.attest?.addEventListener("change", () => this.sendWaiting());
    this.bindDropping();
    this.bindForm();
    for (const id of this.ids.value.split(" ").filter(Boolean)) this.showKept(id);
    // What is sent by script is not posted once more with the form; a filled input is no longer demanded.
    this.input.required = false;
  }

  private say(name: string): string {
    return this.box.getAttribute(`data-say-${name}`) ?? "";
  }

  private bindDropping(): void {
    this.note.className = "upload-note";
    this.note.setAttribute("role", "status");
    this.list.after(this.note);
    const hint = document.createElement("span");
    hint.className = "upload-hint";
    hint.textContent = this.say("drop");
    this.input.after(hint);
    this.box.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.box.classList.add("upload-over");
    });
    for (const end of ["dragleave", "drop"]) this.box.addEventListener(end, () => this.box.classList.remove("upload-over"));
    this.box.addEventListener("drop", (event) => {
      event.preventDefault();
      this.take([...(event.dataTransfer?.files ?? [])]);
    });
  }

  private bindForm(): void {
    this.input.form?.addEventListener("submit", (event) => {
      if (!this.running.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.pressed = event.submitter;
      this.note.textContent = this.say("busy");
    });
  }

  private arrived(row: FileRow): void {
    this.running.delete(row);
    if (this.running.size) return;
    this.note.textContent = "";
    const pressed = this.pressed;
    this.pressed = null;
    if (pressed) this.input.form?.requestSubmit(pressed);
  }

  private gaveUp(row: FileRow): void {
    this.running.delete(row);
    this.pressed = null;
    this.note.textContent = "";
  }

  private take(files: File[]): void {
    if (!files.length) return;
    if (!("multiple" in this.box.dataset)) this.clear();
    this.waiting.push(...("multiple" in this.box.dataset ? files : files.slice(0, 1)));
    this.input.value = "";
    this.sendWaiting();
  }

  private clear(): void {
    for (const [row, sending] of this.running) {
      sending.cancel();
      row.remove();
    }
    this.running.clear();
    this.list.replaceChildren();
    this.ids.value = "";
  }

  private sendWaiting(): void {
    if (this.attest && !this.attest.checked) {
      if (this.waiting.length) {
        this.attest.setCustomValidity(this.say("attest"));
        this.attest.reportValidity();
      }
      return;
    }
    this.attest?.setCustomValidity("");
    for (const file of this.waiting.splice(0)) this.send(file, new FileRow(this.list, file, (name) => this.say(name)));
  }

  private send(file: File, row: FileRow): void {
    row.onRemove(() => {
      this.running.get(row)?.cancel();
      this.running.delete(row);
      if (row.id) this.ids.value = this.ids.value.split(" ").filter((id) => id !== row.id).join(" ");
      row.remove();
    });
    this.running.set(
      row,
      sendFile(file, this.box, this.attest ? (this.box.dataset.attests ?? "") : "", {
        progress: (part) => row.progress(part),
        waits: () => row.waits(),
        kept: (id) => {
          this.ids.value = `${this.ids.value} ${id}`.trim();
          row.kept(id);
          this.box.dispatchEvent(new CustomEvent("upload:kept", { bubbles: true, detail: { id, name: file.name } }));
          this.arrived(row);
        },
        refused: (sentence) => {
          this.gaveUp(row);
          row.refused(sentence);
        },
        failed: () => {
          this.gaveUp(row);
          row.failed(() => this.send(file, row));
        },
      }),
    );
  }

  private showKept(id: string): void {
    const row = new FileRow(this.list, null, (name) => this.say(name));
    row.onRemove(() => {
      this.ids.value = this.ids.value.split(" ").filter((other) => other !== id).join(" ");
      row.remove();
    });
    row.kept(id);
  }
}
