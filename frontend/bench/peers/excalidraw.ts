// Excalidraw with its whole interface, as its makers ship it, opening a drawing that it saved itself: where it opens one
// by itself, or with `?whole` where ours opens, with all of the drawing in sight.
// `?make` makes that drawing of the bench's scene (bench/boards/scene.py) and leaves it in `window.madeOfScene`.
import { Excalidraw, convertToExcalidrawElements, serializeAsJSON } from '@excalidraw/excalidraw';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import '@excalidraw/excalidraw/index.css';
import './excalidraw.css';

const query = new URLSearchParams(location.search);
const making = query.has('make');
let api = null;
const drawing = making ? null : fetch('/scene.excalidraw').then((answer) => answer.json());

createRoot(document.getElementById('board')).render(
  createElement(Excalidraw, {
    excalidrawAPI: (given) => {
      api = given;
      if (making) void make(given);
    },
    initialData: drawing?.then(({ elements }) => (query.has('whole') ? { elements, appState: sight(elements) } : { elements, scrollToContent: true })) ?? null,
    handleKeyboardGlobally: true,
  }),
);

window.cameraOfBoard = () => {
  if (!api || api.getSceneElements().length === 0) return null;
  const { isLoading, scrollX, scrollY, zoom } = api.getAppState();
  return isLoading ? null : `${scrollX} ${scrollY} ${zoom.value}`;
};
window.zoomOfBoard = () => api.getAppState().zoom.value;

/** Its least zoom, as large as this drawing needs it. */
const ZOOM = 0.1;

function sight(elements) {
  const right = Math.max(...elements.map(({ x, width }) => x + width));
  const bottom = Math.max(...elements.map(({ y, height }) => y + height));
  return { zoom: { value: ZOOM }, scrollX: (innerWidth / ZOOM - right) / 2, scrollY: (innerHeight / ZOOM - bottom) / 2 };
}

async function make(given) {
  const skeleton = await (await fetch('/scene.json')).json();
  const elements = () => convertToExcalidrawElements(skeleton, { regenerateIds: false });
  // Its letters are fetched when there is something to write, and text is measured in whatever letters are there.
  given.updateScene({ elements: elements() });
  await new Promise((done) => setTimeout(done, 500));
  await document.fonts.load('16px Excalifont');
  await document.fonts.ready;
  window.madeOfScene = serializeAsJSON(elements(), given.getAppState(), {}, 'local');
}
