// Paint: the board on a canvas, while the camera moves or is far out.
import type { BoardObject, Box, ObjectId } from '../model/types';
import { baseline } from './baseline';
import { type Ground, paintGround } from './ground';
import { ICONS } from './icons';
import { plain } from './markdown';
import type { Pictures } from './pictures';
import { isSheet, type Scene } from './scene';
import type { Foot, Part, Sheet } from './sheets';
import { META, paperOf, WIRE_LABEL } from './sheets';
import type { Line, Type } from './typeset';
import { type Route, STROKES } from './wires';

/** From here on the page shows the board when nothing moves. */
export const NEAR = 0.45;
/** Below this no trace of text. */
export const FAR = 0.14;

export interface Picture extends Ground {
  readonly scene: Scene;
  readonly pictures: Pictures;
  /** Drawn by the page, on top. */
  readonly skip: ReadonlySet<ObjectId>;
  readonly selection: ReadonlySet<ObjectId>;
  shows(object: BoardObject): boolean;
}

interface Words {
  font: string;
  ink: string;
  alpha: number;
  list: (string | number)[];
}

export function paint(picture: Picture): void {
  const { context, camera, w, h, ratio, scene } = picture;
  paintGround(picture);
  const view: Box = { x: camera.x, y: camera.y, w: w / camera.zoom, h: h / camera.zoom };
  const scale = camera.zoom * ratio;
  context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
  context.textBaseline = 'alphabetic';
  const areas: BoardObject[] = [];
  const clusters: BoardObject[] = [];
  const wires: BoardObject[] = [];
  const loose: BoardObject[] = [];
  const piled: BoardObject[] = [];
  for (const id of scene.grid.find(view)) {
    const object = scene.board.get(id);
    if (!object || !picture.shows(object)) continue;
    if (object.kind === 'area') areas.push(object);
    else if (object.kind === 'cluster') clusters.push(object);
    else if (object.kind === 'connector') wires.push(object);
    else if (!picture.skip.has(id)) (scene.isPiled(id) ? piled : loose).push(object);
  }
  const rank = (a: BoardObject, b: BoardObject) => scene.rank(a.id) - scene.rank(b.id);
  areas.sort(rank);
  for (const object of areas) paintArea(picture, object);
  for (const object of clusters) paintCluster(picture, object);
  paintWires(picture, wires);
  paintSheets(picture, loose);
  // What overlaps is drawn one by one, lowest first: the words below must not show through.
  for (const object of piled.sort(rank)) paintSheets(picture, [object]);
  for (const object of clusters) paintLabel(picture, object);
  paintRings(picture, [...areas, ...loose, ...piled]);
}

function paintSheets(picture: Picture, objects: readonly BoardObject[]): void {
  const { context, camera, palette, scene } = picture;
  const zoom = camera.zoom;
  const byPaper = new Map<string, Box[]>();
  for (const object of objects) {
    const box = scene.box(object.id)!;
    const paper = paperOf(object);
    if (object.kind === 'image') paintPicture(picture, object, box);
    if (paper === null) continue;
    const fill = paper === 'card' ? palette.surface : palette.papers[paper];
    const boxes = byPaper.get(fill);
    if (boxes) boxes.push(box);
    else byPaper.set(fill, [box]);
  }
  for (const [fill, boxes] of byPaper) {
    context.fillStyle = fill;
    for (const box of boxes) context.fillRect(box.x, box.y, box.w, box.h);
  }
  if (zoom >= 0.3 || palette.outlined) {
    context.strokeStyle = palette.edge;
    const wide = Math.max(1, 1 / zoom);
    context.lineWidth = wide;
    if (zoom >= NEAR && !palette.outlined) {
      // All that is left of the shadow: without it the papers would seem to sink when the camera moves.
      context.fillStyle = palette.edge;
      for (const boxes of byPaper.values()) for (const box of boxes) context.fillRect(box.x + 1, box.y + box.h, box.w - 2, 1);
    }
    context.beginPath();
    for (const boxes of byPaper.values()) for (const box of boxes) context.rect(box.x + wide / 2, box.y + wide / 2, box.w - wide, box.h - wide);
    context.stroke();
  }
  if (zoom >= NEAR) paintWords(picture, objects);
  else if (zoom >= FAR) paintBars(picture, objects);
}

function paintWords(picture: Picture, objects: readonly BoardObject[]): void {
  const { context, palette, scene } = picture;
  const buckets = new Map<string, Words>();
  const say = (type: Type, bold: boolean, italic: boolean, ink: string, text: string, x: number, y: number) => {
    const font = scene.type.font(type, bold, italic);
    const key = `${font}|${ink}`;
    let words = buckets.get(key);
    if (!words) {
      words = { font, ink, alpha: 1, list: [] };
      buckets.set(key, words);
    }
    words.list.push(text, x, y);
  };
  for (const object of objects) {
    const box = scene.box(object.id)!;
    const sheet = scene.sheet(object.id)!;
    for (const part of sheet.parts) sayPart(picture, box, part, say);
    if (sheet.foot) paintFoot(picture, box, sheet.foot, sheet, say);
  }
  for (const words of buckets.values()) {
    context.font = words.font;
    context.fillStyle = words.ink;
    for (let at = 0; at < words.list.length; at += 3) context.fillText(words.list[at] as string, words.list[at + 1] as number, words.list[at + 2] as number);
  }
  context.fillStyle = palette.ink.note;
}

type Say = (type: Type, bold: boolean, italic: boolean, ink: string, text: string, x: number, y: number) => void;

function sayPart(picture: Picture, box: Box, part: Part, say: Say): void {
  const { context, palette, scene } = picture;
  const { lines, type } = part.set;
  const base = baseline(scene.type, type);
  const ink = palette.ink[part.ink];
  if (part.what === 'chip') {
    context.fillStyle = palette.chip;
    context.fillRect(box.x + part.x - 6, box.y + part.y - 2, part.w + 12, 20);
  }
  for (const [index, line] of lines.entries()) {
    const y = box.y + part.y + index * type.leading + base;
    const x = box.x + part.x + shift(line, part.w);
    if (line.bullet) say(type, false, false, ink, '•', line.rtl ? box.x + part.x + part.w - 6 : box.x + part.x + 2, y);
    for (const piece of line.pieces) say(type, piece.bold, piece.italic, ink, piece.text, x + piece.x, y);
  }
}

/** Where a line begins within its part. */
function shift(line: Line, w: number): number {
  return line.rtl ? w - line.indent - line.width : line.indent;
}

function paintFoot(picture: Picture, box: Box, foot: Foot, sheet: Sheet, say: Say): void {
  const { context, palette, scene } = picture;
  const ink = palette.ink[sheet.paper === 'card' ? 'ink-3' : 'note'];
  const y = box.y + foot.y + baseline(scene.type, META);
  const middle = box.y + foot.y + META.leading / 2;
  if (foot.by !== '' && scene.options.authors() === 'shown') say(META, false, false, ink, foot.by, box.x + (sheet.paper === 'card' ? 16 : 12), y);
  for (const { mark, x } of foot.marks) {
    const left = box.x + x;
    context.strokeStyle = ink;
    context.fillStyle = ink;
    context.lineWidth = 1.5;
    switch (mark.what) {
      case 'support':
        context.beginPath();
        context.arc(left + 5.5, middle, 4.25, 0, Math.PI * 2);
        if (mark.mine) context.fill();
        context.stroke();
        break;
      case 'comments':
      case 'lock':
        strokeIcon(context, mark.what, left, middle - 6);
        if (mark.what === 'lock' && mark.double) strokeIcon(context, 'lock', left + 5, middle - 6);
        break;
      case 'reaction':
        say(META, false, false, ink, mark.emoji, left, y);
        break;
    }
    if (mark.what !== 'lock') {
      const wide = mark.what === 'reaction' ? scene.type.width(META, mark.emoji) + 3 : 15;
      say({ ...META, weight: 600 }, false, false, ink, String(mark.n), left + wide, y);
    }
  }
}

const paths = new Map<string, Path2D>();

function strokeIcon(context: CanvasRenderingContext2D, icon: keyof typeof ICONS, x: number, y: number): void {
  let path = paths.get(icon);
  if (!path) {
    path = new Path2D(ICONS[icon]);
    paths.set(icon, path);
  }
  context.save();
  context.translate(x, y);
  context.scale(0.5, 0.5);
  context.lineWidth = 2;
  context.stroke(path);
  context.restore();
}

function paintBars(picture: Picture, objects: readonly BoardObject[]): void {
  const { context, palette, scene } = picture;
  context.globalAlpha = 0.42;
  context.fillStyle = palette.ink.note;
  for (const object of objects) {
    const box = scene.box(object.id)!;
    for (const part of scene.sheet(object.id)!.parts) {
      if (part.what === 'tags') continue;
      const { lines, type } = part.set;
      const tall = type.size * 0.5;
      for (const [index, line] of lines.entries()) {
        context.fillRect(box.x + part.x + shift(line, part.w), box.y + part.y + index * type.leading + (type.leading - tall) / 2, line.width, tall);
      }
    }
  }
  context.globalAlpha = 1;
}

function paintPicture(picture: Picture, object: BoardObject, box: Box): void {
  const { context, palette, scene, pictures, camera } = picture;
  const tall = scene.sheet(object.id)!.picture;
  const small = object.w * camera.zoom * picture.ratio <= 480;
  const image = object.picture ? pictures.get(scene.options.imageUrl(object.picture.file, small)) : null;
  if (image) {
    // Cut as the page cuts it: it fills its box and keeps its shape.
    const scale = Math.max(box.w / image.naturalWidth, tall / image.naturalHeight);
    const [w, h] = [box.w / scale, tall / scale];
    context.drawImage(image, (image.naturalWidth - w) / 2, (image.naturalHeight - h) / 2, w, h, box.x, box.y, box.w, tall);
  }
  if (!image) {
    context.fillStyle = palette.surface;
    context.fillRect(box.x, box.y, box.w, tall);
    context.strokeStyle = palette.lineCtl;
    context.lineWidth = 1;
    context.strokeRect(box.x + 0.5, box.y + 0.5, box.w - 1, tall - 1);
  }
}

function paintArea(picture: Picture, object: BoardObject): void {
  const { context, palette, scene, camera } = picture;
  const box = scene.box(object.id)!;
  const wide = Math.max(1.5, 1 / camera.zoom);
  context.beginPath();
  context.roundRect(box.x + wide / 2, box.y + wide / 2, box.w - wide, box.h - wide, 10 - wide / 2);
  context.globalAlpha = palette.veil;
  context.fillStyle = palette.surface;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = palette.lineCtl;
  context.lineWidth = wide;
  context.stroke();
  const sheet = scene.sheet(object.id)!;
  if (camera.zoom >= NEAR) {
    const say: Say = (type, bold, italic, ink, text, x, y) => {
      context.font = scene.type.font(type, bold, italic);
      context.fillStyle = ink;
      context.fillText(text, x, y);
    };
    for (const part of sheet.parts) sayPart(picture, box, part, say);
    return;
  }
  // Far out its name stands over it, as large as any other word on the screen.
  const type: Type = { face: 'tool', size: 13, leading: 16, weight: 700 };
  if (box.w * camera.zoom < 40) return;
  context.save();
  context.setTransform(picture.ratio, 0, 0, picture.ratio, 0, 0);
  context.font = scene.type.font(type);
  context.fillStyle = palette.ink.ink;
  const name = scene.type.cut(plain(object.text) || 'Area', box.w * camera.zoom, type);
  context.fillText(name, (box.x - camera.x) * camera.zoom + 2, (box.y - camera.y) * camera.zoom - 5);
  context.restore();
}

function paintCluster(picture: Picture, object: BoardObject): void {
  const { context, palette, scene, camera } = picture;
  const box = scene.box(object.id)!;
  const chosen = picture.selection.has(object.id);
  const wide = chosen ? Math.max(3, 2 / camera.zoom) : Math.max(1.5, 1 / camera.zoom);
  context.beginPath();
  context.roundRect(box.x + wide / 2, box.y + wide / 2, box.w - wide, box.h - wide, 14 - wide / 2);
  context.strokeStyle = chosen ? palette.ring : palette.lineCtl;
  context.lineWidth = wide;
  context.setLineDash([wide * 2, wide * 2]);
  context.stroke();
  context.setLineDash([]);
}

function paintLabel(picture: Picture, object: BoardObject): void {
  const { context, palette, scene, camera } = picture;
  const box = scene.label(object.id);
  if (!box || camera.zoom < NEAR || picture.skip.has(object.id)) return;
  context.beginPath();
  context.roundRect(box.x, box.y, box.w, box.h, 11);
  context.fillStyle = palette.surface;
  context.fill();
  context.strokeStyle = palette.lineCtl;
  context.lineWidth = 1;
  context.stroke();
  for (const part of scene.sheet(object.id)!.parts) {
    sayPart(picture, box, part, (type, bold, italic, ink, text, x, y) => {
      context.font = scene.type.font(type, bold, italic);
      context.fillStyle = ink;
      context.fillText(text, x, y);
    });
  }
}

function paintWires(picture: Picture, wires: readonly BoardObject[]): void {
  const { context, palette, scene, camera, selection } = picture;
  if (wires.length === 0) return;
  const ways = new Map<string, [BoardObject, Route][]>();
  for (const wire of wires) {
    const way = scene.route(wire.id);
    if (!way) continue;
    const key = `${wire.relation}${selection.has(wire.id) ? '!' : ''}`;
    const list = ways.get(key);
    if (list) list.push([wire, way]);
    else ways.set(key, [[wire, way]]);
  }
  for (const list of ways.values()) {
    const first = list[0]![0];
    const stroke = STROKES[first.relation];
    const chosen = selection.has(first.id);
    context.strokeStyle = chosen ? palette.ring : palette.ink['ink-3'];
    context.lineWidth = Math.max(stroke.width + (chosen ? 1.5 : 0), 1 / camera.zoom);
    context.lineCap = 'butt';
    context.setLineDash([...stroke.dash]);
    context.beginPath();
    for (const [, way] of list) {
      const { from, bendFrom, bendTo, to } = way.wire;
      context.moveTo(from.x, from.y);
      context.bezierCurveTo(bendFrom.x, bendFrom.y, bendTo.x, bendTo.y, to.x, to.y);
    }
    context.stroke();
    context.setLineDash([]);
    if (camera.zoom < 0.2) continue;
    context.beginPath();
    for (const [, way] of list) {
      context.moveTo(way.head[0].x, way.head[0].y);
      context.lineTo(way.wire.to.x, way.wire.to.y);
      context.lineTo(way.head[1].x, way.head[1].y);
    }
    context.stroke();
  }
  if (camera.zoom < NEAR) return;
  context.font = scene.type.font(WIRE_LABEL);
  context.textAlign = 'center';
  context.lineJoin = 'round';
  for (const wire of wires) {
    const label = scene.word(wire.id);
    if (!label) continue;
    context.strokeStyle = palette.ground;
    context.lineWidth = 5;
    context.strokeText(label.words, label.at.x, label.at.y + 4.5);
    context.fillStyle = palette.ink['ink-2'];
    context.fillText(label.words, label.at.x, label.at.y + 4.5);
  }
  context.textAlign = 'start';
  context.lineJoin = 'miter';
}

function paintRings(picture: Picture, objects: readonly BoardObject[]): void {
  const { context, palette, scene, camera, selection } = picture;
  if (selection.size === 0) return;
  const wide = Math.max(3, 2 / camera.zoom);
  context.strokeStyle = palette.ring;
  context.lineWidth = wide;
  context.beginPath();
  for (const object of objects) {
    if (!selection.has(object.id) || picture.skip.has(object.id)) continue;
    const box = scene.box(object.id)!;
    const out = 2 + wide / 2;
    context.roundRect(box.x - out, box.y - out, box.w + 2 * out, box.h + 2 * out, isSheet(object) ? 5 : 12);
  }
  context.stroke();
}
