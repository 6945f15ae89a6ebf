// Excalidraw with its whole interface, as its makers ship it, opening a drawing that it saved itself.
// `?make` makes that drawing of the bench's scene (bench/boards/scene.py) and leaves it in `window.madeOfScene`.
import { Excalidraw, convertToExcalidrawElements, serializeAsJSON } from '@excalidraw/excalidraw';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import '@excalidraw/excalidraw/index.css';
import './excalidraw.css';

const making = new URLSearchParams(location.search).has('make');
let api = null;
const drawing = making ? null : fetch('/scene.excalidraw').then((answer) => answer.json());

createRoot(document.getElementById('board')).render(
  createElement(Excalidraw, {
    excalidrawAPI: (given) => {
      api = given;
      if (making) void make(given);
    },
    // Where it opens by itself: the middle of the drawing at 100 %.
    initialData: drawing?.then(({ elements }) => ({ elements, scrollToContent: true })) ?? null,
    handleKeyboardGlobally: true,
  }),
);

window.cameraOfBoard = () => {
  if (!api || api.getSceneElements().length === 0) return null;
  const { isLoading, scrollX, scrollY, zoom } = api.getAppState();
  return isLoading ? null : `${scrollX} ${scrollY} ${zoom.value}`;
};
window.zoomOfBoard = () => api.getAppState().zoom.value;

async function make(given) {
  await document.fonts.load('16px Excalifont');
  const skeleton = await (await fetch('/scene.json')).json();
  const elements = convertToExcalidrawElements(skeleton, { regenerateIds: false });
  window.madeOfScene = serializeAsJSON(elements, given.getAppState(), {}, 'local');
}
