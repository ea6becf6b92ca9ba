// One file in the list under an upload input: its picture, how far it has come, what was said about it.

type Say = (name: string) => string;

export class FileRow {
  id = "";
  private readonly item = document.createElement("li");
  private readonly state = document.createElement("span");
  private readonly bar = document.createElement("progress");
  private readonly picture = document.createElement("img");
  private readonly removeButton = document.createElement("button");
  private retryButton: HTMLButtonElement | null = null;

  constructor(list: HTMLElement, file: File | null, private readonly say: Say) {
    this.item.className = "upload-item";
    const name = document.createElement("span");
    name.className = "upload-name";
    name.textContent = file?.name ?? "";
    this.picture.alt = "";
    this.picture.hidden = true;
    if (file?.type.startsWith("image/")) this.show(URL.createObjectURL(file));
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", `${say("sending")} ${file?.name ?? ""}`);
    this.state.className = "upload-state";
    this.removeButton.type = "button";
    this.removeButton.className = "btn btn-sm btn-ghost-secondary";
    this.removeButton.textContent = say("remove");
    this.removeButton.setAttribute("aria-label", `${say("remove")} ${file?.name ?? ""}`);
    this.item.append(this.picture, name, this.bar, this.state, this.removeButton);
    list.append(this.item);
  }

  onRemove(act: () => void): void {
    this.removeButton.onclick = act;
  }

  remove(): void {
    if (this.picture.src.startsWith("blob:")) URL.revokeObjectURL(this.picture.src);
    this.item.remove();
  }

  progress(part: number): void {
    this.retryButton?.remove();
    this.mark("sending");
    this.bar.hidden = false;
    this.bar.value = part;
    this.state.textContent = part < 1 ? `${this.say("sending")} ${Math.floor(part * 100)}%` : this.say("checking");
  }

  waits(): void {
    this.mark("waiting");
    this.state.textContent = this.say("waiting");
  }

  kept(id: string): void {
    this.id = id;
    this.mark("kept");
    this.bar.hidden = true;
    this.state.textContent = this.say("kept");
  }

  refused(sentence: string): void {
    this.mark("refused");
    this.bar.hidden = true;
    this.picture.hidden = true;
    this.state.textContent = `${this.say("refused")}: ${sentence}`;
  }

  failed(again: () => void): void {
    this.mark("failed");
    this.bar.hidden = true;
    this.state.textContent = this.say("failed");
    this.retryButton = document.createElement("button");
    this.retryButton.type = "button";
    this.retryButton.className = "btn btn-sm";
    this.retryButton.textContent = this.say("retry");
    this.retryButton.onclick = again;
    this.removeButton.before(this.retryButton);
  }

  private mark(state: string): void {
    this.item.dataset.state = state;
  }

  private show(address: string): void {
    // HEIC cannot be shown by most browsers: then there is simply no picture until the page is loaded again.
    this.picture.onload = () => (this.picture.hidden = false);
    this.picture.src = address;
  }
}
