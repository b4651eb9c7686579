/** Charts of growth as SVG: panels beside each other, both axes logarithmic, legible on a light page and on a dark one. */

export type Line = { name: string; points: readonly (readonly [x: number, y: number])[]; isBare?: boolean };
export type Panel = { title: string; unit: string; lines: readonly Line[] };

const size = { width: 228, height: 226 };
const plot = { left: 44, right: 12, top: 48, bottom: 44 };

const style = `text { font: 12px system-ui, sans-serif; fill: #4a5361; } .title { font-weight: 600; fill: #1c2430; }
.page { fill: #ffffff; } .grid { stroke: #e3e6ea; } .alfred { stroke: #1f5fae; fill: #1f5fae; } .bare { stroke: #b4630a; fill: #b4630a; }
path.alfred, path.bare { fill: none; stroke-width: 2; } path.bare { stroke-dasharray: 5 4; } text.alfred, text.bare { stroke: none; }
@media (prefers-color-scheme: dark) { text { fill: #b3bcc8; } .title { fill: #eef1f5; } .page { fill: #15191f; } .grid { stroke: #303742; }
.alfred { stroke: #7db4f5; fill: #7db4f5; } .bare { stroke: #f0a95a; fill: #f0a95a; } }`;

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const count = (value: number): string =>
  value >= 1_000_000 ? `${value / 1_000_000} M` : value.toLocaleString('en', { maximumSignificantDigits: 3 });

/** The powers of ten around all values. */
function decadesOf(values: readonly number[]): number[] {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  return Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
}

function scale(ticks: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log10(ticks[0] ?? 1), Math.log10(ticks.at(-1) ?? 10)];
  return (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
}

function drawPanel({ title, unit, lines }: Panel, things: string): string {
  const points = lines.flatMap((line) => line.points);
  const steps = [...new Set(points.map(([at]) => at))];
  const ticks = decadesOf(points.map(([, value]) => value));
  const x = scale(steps, plot.left, size.width - plot.right);
  const y = scale(ticks, size.height - plot.bottom, plot.top);
  const grid = ticks.map(
    (
      tick,
    ) => `<line class="grid" x1="${plot.left}" x2="${size.width - plot.right}" y1="${y(tick)}" y2="${y(tick)}"/>
<text x="${plot.left - 6}" y="${y(tick) + 4}" text-anchor="end">${count(tick)}</text>`,
  );
  const marks = steps.map(
    (at, index) =>
      `<text x="${x(at)}" y="${size.height - plot.bottom + 18}" text-anchor="${index === steps.length - 1 ? 'end' : 'middle'}">${count(at)}</text>`,
  );
  const drawn = lines.map(({ name, points: own, isBare }, index) => {
    const kind = isBare ? 'bare' : 'alfred';
    const path = own.map(
      ([at, value], step) => `${step === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`,
    );
    const dots = own.map(
      ([at, value]) => `<circle class="${kind}" cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"/>`,
    );
    const legend = `<text class="${kind}" x="${plot.left + index * 60}" y="36">${isBare ? '┄' : '━'} ${escaped(name)}</text>`;
    return `<path class="${kind}" d="${path.join('')}"/>${dots.join('')}${legend}`;
  });
  return [
    `<text class="title" x="${plot.left}" y="18">${escaped(title)}, ${escaped(unit)}</text>`,
    ...grid,
    ...marks,
    `<text x="${size.width - plot.right}" y="${size.height - 8}" text-anchor="end">${escaped(things)}</text>`,
    ...drawn,
  ].join('\n');
}

/** @param things what grows from left to right, the same in every panel */
export function drawChart(things: string, panels: readonly Panel[]): string {
  const width = panels.length * size.width;
  const drawn = panels.map(
    (panel, index) => `<g transform="translate(${index * size.width})">\n${drawPanel(panel, things)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${size.height}" width="${width}" height="${size.height}" role="img" aria-labelledby="what">
<title id="what">${escaped(panels.map(({ title }) => title).join(', '))}, by the number of ${escaped(things)}</title>
<style>${style}</style>
<rect class="page" width="100%" height="100%" rx="6"/>
${drawn.join('\n')}
</svg>
`;
}
