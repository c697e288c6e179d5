const SVG = 'http://www.w3.org/2000/svg';
const WIDTH = 72;
const HEIGHT = 20;
const SAMPLES = 60;
/** The number of samples that fill the width. */
const SAMPLES_FILLING = 20;

/**
 * Draws the last minute of a rate as a small line. The line is decorative: the number is beside it.
 */
export class Sparkline {
  constructor() {
    this.samples = [];
    this.node = document.createElementNS(SVG, 'svg');
    this.node.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
    this.node.setAttribute('class', 'sparkline');
    this.node.setAttribute('aria-hidden', 'true');
    this.area = this.node.appendChild(document.createElementNS(SVG, 'path'));
    this.line = this.node.appendChild(document.createElementNS(SVG, 'path'));
    this.area.setAttribute('class', 'area');
    this.line.setAttribute('class', 'line');
  }

  add(value) {
    this.samples.push(value);
    if (this.samples.length > SAMPLES) this.samples.shift();
    const highest = Math.max(1, ...this.samples);
    const step = WIDTH / (Math.max(this.samples.length, SAMPLES_FILLING) - 1);
    const left = WIDTH - (this.samples.length - 1) * step;
    const points = this.samples.map((sample, i) => {
      const x = left + i * step;
      const y = HEIGHT - 1.5 - (sample / highest) * (HEIGHT - 3);
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    this.line.setAttribute('d', `M${points.join('L')}`);
    this.area.setAttribute('d', `M${points.join('L')}L${WIDTH} ${HEIGHT}L${left.toFixed(1)} ${HEIGHT}Z`);
  }
}
