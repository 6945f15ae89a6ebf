/** What draws on a canvas; null where pages have canvases but nothing to draw on them with (tests without a browser). */
export function drawingOn(canvas: HTMLCanvasElement, settings?: CanvasRenderingContext2DSettings): CanvasRenderingContext2D | null {
  return typeof CanvasRenderingContext2D === 'undefined' ? null : canvas.getContext('2d', settings);
}
