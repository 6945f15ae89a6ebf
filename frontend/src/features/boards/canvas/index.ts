export { mountCanvas } from './mount';
export type {
  Authors, BoardCanvas, CanvasOptions, EvidenceShown, Guide, Hit, Other, PersonColour, PersonShown, Side,
} from './types';
