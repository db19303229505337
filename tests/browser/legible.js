// Every visible text in an element, as the browser has laid it out: its words, where each line lies, in which colour,
// and by what it is cut. Judges nothing; legible.py does. Knows no page.
(root) => {
  const ASIDE = ".hoverlayer, .words, .modebar, [hidden], script, style, option, [aria-disabled=true], :disabled";
  const NEAR = 1.5; // pixels: what is cut by less is not seen to be

  /** The part of a line that ink may take: a font's box is taller than its letters. */
  const inked = ({ left, top, right, bottom }, size) => {
    const spare = Math.max(0, bottom - top - size) / 2;
    return [[left, top + spare], [right, top + spare], [right, bottom - spare], [left, bottom - spare]];
  };

  /** A box of the drawing's own units on the screen, turned as it is turned. */
  const onScreen = (box, matrix) => box.map(([x, y]) => {
    const point = new DOMPoint(x, y).matrixTransform(matrix);
    return [point.x, point.y];
  });

  const bounds = (corners) => {
    const [x, y] = [0, 1].map((i) => corners.map((corner) => corner[i]));
    return { left: Math.min(...x), right: Math.max(...x), top: Math.min(...y), bottom: Math.max(...y) };
  };

  const opacity = (element) => {
    let found = 1;
    for (let one = element; one; one = one.parentElement) found *= Number(getComputedStyle(one).opacity);
    return found;
  };

  /** The rectangle that a clip path leaves of a drawing, on the screen; nothing where it is no rectangle. */
  const clipOf = (element, style) => {
    const id = /url\("?[^#]*#([^")]+)"?\)/.exec(style.clipPath)?.[1];
    const shape = id && document.getElementById(id)?.querySelector("rect");
    const matrix = shape && element.getScreenCTM();
    if (!matrix) return null;
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => shape[name].baseVal.value);
    return bounds(onScreen([[x, y], [x + width, y], [x + width, y + height], [x, y + height]], matrix));
  };

  /** What cuts a box, in words: an edge that hides what lies beyond it, or one behind which it has to be scrolled to. */
  const cutBy = (element, box) => {
    const beyond = (edge, across = true, down = true) =>
      (across && (box.left < edge.left - NEAR || box.right > edge.right + NEAR)) || (down && (box.top < edge.top - NEAR || box.bottom > edge.bottom + NEAR));
    if (box.left < -NEAR || box.right > innerWidth + NEAR) return "the window";
    let scrolls = false; // downwards, in a box that lies around it: what is further out cuts nothing then
    for (let one = element; one && one !== document.body; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.display === "inline" && !(one instanceof SVGElement)) continue;
      const edge = clipOf(one, style);
      if (edge && beyond(edge)) return "a clip path";
      const [across, down] = [style.overflowX !== "visible", !scrolls && ["hidden", "clip"].includes(style.overflowY)];
      scrolls ||= ["auto", "scroll"].includes(style.overflowY);
      const drawn = one instanceof SVGElement;
      if (drawn && one.tagName !== "svg") continue;
      if ((across || down) && beyond(one.getBoundingClientRect(), across, down)) return drawn ? "its drawing" : one.className || one.tagName.toLowerCase();
      if (style.contain.includes("strict") && beyond(one.getBoundingClientRect())) return one.className || one.tagName.toLowerCase();
    }
    return "";
  };

  const told = (element, words, corners, drawn) => {
    const style = getComputedStyle(element);
    const seen = opacity(element) * (drawn ? Number(style.fillOpacity) : 1);
    return { words, corners, cut: cutBy(element, bounds(corners)), colour: drawn ? style.fill : style.color, opacity: seen, size: parseFloat(style.fontSize), bold: Number(style.fontWeight) >= 600 };
  };

  const painted = (element) => {
    const { fill, fillOpacity } = getComputedStyle(element);
    return !(element instanceof SVGElement) || (Number(fillOpacity) > 0 && !/^rgba.*, 0\)$/.test(fill));
  };
  const visible = (element) => !element.closest(ASIDE) && painted(element) && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const found = [];

  for (const text of root.querySelectorAll("svg text")) {
    const lines = [...text.querySelectorAll("tspan.line")];
    for (const line of lines.length ? lines : [text]) {
      const words = line.textContent.trim();
      const matrix = line.getScreenCTM();
      if (!words || !visible(text) || !matrix) continue;
      const { x, y, width, height } = line.getBBox();
      const scale = Math.hypot(matrix.a, matrix.b);
      const size = parseFloat(getComputedStyle(text).fontSize);
      const corners = onScreen(inked({ left: x, top: y, right: x + width, bottom: y + height }, size), matrix);
      found.push({ ...told(text, words, corners, true), size: size * scale });
    }
  }

  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("svg") || !visible(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const line of range.getClientRects()) {
      if (line.width > 1 && line.height > 1) found.push(told(element, node.data.trim(), inked(line, parseFloat(getComputedStyle(element).fontSize)), false));
    }
  }

  const wide = [document.documentElement, root, ...root.querySelectorAll("*")].filter((one) => {
    const style = one.checkVisibility?.() && getComputedStyle(one);
    return style && one.clientWidth && one.innerText && one.scrollWidth > one.clientWidth + 1 && style.display !== "inline" && !one.closest(`svg, ${ASIDE}`) && (style.overflowX !== "visible" || one === document.documentElement);
  });
  return { texts: found, wide: wide.map((one) => one.className || one.tagName.toLowerCase()) };
}
