// What the server keeps about boards, as it shows it. What lies on them is in model/.
import type { Board as BoardShown, BoardVersion } from '../../api/types';
import type { Authors } from './canvas/types';
import type { BoardObject, Colour } from './model/types';
import type { AreaRule, Whom } from './view/permit';

export type { AreaRule, Authors, Whom };

export type { Board as BoardShown, BoardTemplate, BoardVersion, BoardWhole } from '../../api/types';

/** Objects as JSON carries them: reactions as a plain object. */
export type ServedObject = Omit<BoardObject, 'reactions'> & { reactions: Record<string, string[]> };

export interface BoardContent {
  title: string;
  legend: Partial<Record<Colour, string>>;
  objects: ServedObject[];
}

export interface BoardVersionWhole extends BoardVersion {
  board: BoardContent;
}

export interface Imported {
  board: BoardShown;
  kept: Record<string, number>;
  left_out: { what: string; why: string; count: number }[];
}

export interface TablePreview {
  columns: string[];
  mapping: Record<string, string | null>;
  rows: string[][];
  total: number;
  delimiter: string;
  encoding: string;
}

export interface Uploaded {
  id: string;
  width: number;
  height: number;
  bytes: number;
}

export interface Quota {
  used: number;
  limit: number;
}
