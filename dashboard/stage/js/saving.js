// The menu of a panel: save it as a picture or a film, or guess its next number. Knows no figure.

class PanelMenu {
  constructor(panel, stage) {
    Object.assign(this, { panel, stage });
    this.element = make("span", "menu");
    this.button("Guess", "Guess a number of the next update before you see it", () => stage.guess.ask(panel));
    for (const format of ["png", "svg"]) this.button(format.toUpperCase(), `Save this picture as ${format.toUpperCase()}`, () => savePicture(panel, format, readTheme(stage.root)));
    this.film = this.button("Film", "Save a film of the run, one HTML file that plays with no internet", () => this.make());
  }

  button(text, hint, press) {
    const button = this.element.appendChild(make("button", "", text));
    Object.assign(button, { type: "button", title: hint });
    button.setAttribute("aria-label", hint);
    button.addEventListener("click", press);
    return button;
  }

  /** Makes the film; while it is being made, the same button cancels it. */
  async make() {
    if (this.making) {
      this.making = false;
      return;
    }
    const { panel, stage, film } = this;
    this.making = true;
    const begun = performance.now();
    const told = (done, of) => {
      const left = Math.round(((performance.now() - begun) / 1000 / Math.max(1, done)) * (of - done));
      film.textContent = `Cancel (${done} of ${of}${done > 4 ? `, ${left} s left` : ""})`;
      return this.making;
    };
    try {
      const blob = await makeFilm(panel, stage.data.plotly, readTheme(stage.root), told);
      if (blob) save(blob, `${panel.spec.title.replaceAll(" ", "-")}.html`);
    } finally {
      this.making = false;
      film.textContent = "Film";
    }
  }
}
