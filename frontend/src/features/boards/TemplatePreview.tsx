// A template as a small drawing: which shapes its areas make. Said in words beside it.

const W = 96;
const H = 60;

interface Shape {
  x: number;
  y: number;
  w: number;
  h: number;
}

export function TemplatePreview({ shape, areas }: { shape: string; areas: number }) {
  return (
    <svg viewBox={`0 0 ${W} ${H}`} width={W} height={H} aria-hidden="true">
      <rect x="0.5" y="0.5" width={W - 1} height={H - 1} rx="4" fill="var(--board)" stroke="var(--line)" />
      {lines(shape).map((d) => (
        <path key={d} d={d} fill="none" stroke="var(--line-ctl)" strokeWidth="1.5" />
      ))}
      {shapes(shape, areas).map(({ x, y, w, h }) => (
        <rect key={`${x} ${y}`} x={x} y={y} width={w} height={h} rx="2" fill="var(--surface)" stroke="var(--line-ctl)" />
      ))}
    </svg>
  );
}

function shapes(shape: string, areas: number): Shape[] {
  switch (shape) {
    case 'blank':
      return [];
    case 'matrix':
      return tiles(2, 2);
    case 'grid':
      return tiles(3, 3);
    case 'tree':
      return [box(38, 6, 20, 11), box(12, 26, 20, 11), box(38, 26, 20, 11), box(64, 26, 20, 11), box(12, 44, 20, 11), box(64, 44, 20, 11)];
    case 'timeline':
      return [box(6, 12, 18, 16), box(28, 32, 18, 16), box(50, 12, 18, 16), box(72, 32, 18, 16)];
    case 'swimlanes':
      return tiles(1, Math.min(4, Math.max(2, areas)));
    case 'fishbone':
      return [box(74, 22, 17, 16)];
    case 'driver-diagram':
      return [box(6, 22, 20, 16), ...[6, 24, 42].map((y) => box(38, y, 20, 12)), ...[4, 18, 32, 46].map((y) => box(70, y, 20, 10))];
    case 'journey-map':
      return tiles(5, 3);
    default:
      return tiles(Math.min(5, Math.max(1, areas)), 1);
  }
}

function lines(shape: string): string[] {
  switch (shape) {
    case 'tree':
      return ['M48 17V26M22 26V21H74V26', 'M22 37V44', 'M74 37V44'];
    case 'timeline':
      return ['M4 30H92'];
    case 'fishbone':
      return ['M6 30H74', 'M16 10L28 30', 'M38 10L50 30', 'M16 50L28 30', 'M38 50L50 30'];
    case 'driver-diagram':
      return ['M26 30H38', 'M26 30L38 12', 'M26 30L38 48', 'M58 12L70 9', 'M58 12L70 23', 'M58 30L70 37', 'M58 48L70 51'];
    default:
      return [];
  }
}

function box(x: number, y: number, w: number, h: number): Shape {
  return { x, y, w, h };
}

function tiles(columns: number, rows: number): Shape[] {
  const [w, h] = [(W - 8 - (columns - 1) * 4) / columns, (H - 8 - (rows - 1) * 4) / rows];
  return Array.from({ length: columns * rows }, (_, at) => box(4 + (at % columns) * (w + 4), 4 + Math.floor(at / columns) * (h + 4), w, h));
}
