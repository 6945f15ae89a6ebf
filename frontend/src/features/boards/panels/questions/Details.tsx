// Everything that is known about one object.
import { Button, Dialog, When } from '../../../../ui';
import { RELATION_NAMES } from '../../commands/connecting';
import { useObjects, useScope } from '../../scope';
import { called, nameOf } from '../../view/naming';
import { areaOf } from '../../view/places';
import { REACTIONS } from './React';
import styles from './questions.module.css';
import type { QuestionProps } from './types';
import { colourWords, still } from './words';

const KIND_NAMES = { note: 'Note', heading: 'Heading', area: 'Area', cluster: 'Group', connector: 'Connector', image: 'Image', source: 'Link', evidence: 'Evidence card' } as const;

export default function Details({ ids, onClose }: QuestionProps) {
  const { view, board, served, person, comments } = useScope();
  useObjects(board);
  const [object] = still(board, ids);
  if (!object) return null;
  const area = areaOf(board, object.id);
  const lock = view.permit().lock(object.id);
  const connectors = board.connectors(object.id);
  const reactions = [...object.reactions].filter(([, givers]) => givers.length > 0);
  return (
    <Dialog title={called(object)} isOpen onClose={onClose} footer={<Button onPress={onClose}>Close</Button>}>
      <dl className={styles.facts}>
        <dt>Kind</dt>
        <dd>{KIND_NAMES[object.kind]}</dd>
        {served.authors === 'hidden' ? null : (
          <>
            <dt>Made by</dt>
            <dd>{object.by === null ? 'not recorded' : (person(object.by)?.name ?? 'somebody who has left')}</dd>
          </>
        )}
        {object.at ? (
          <>
            <dt>Made</dt>
            <dd>
              <When at={object.at} />
            </dd>
          </>
        ) : null}
        <dt>Where</dt>
        <dd>{area === null ? 'in no area' : area === object.id ? 'on the board' : `in ${nameOf(board, area)}`}</dd>
        {object.kind === 'note' ? (
          <>
            <dt>Colour</dt>
            <dd>{colourWords(board, object.colour)}</dd>
          </>
        ) : null}
        {object.tags.length > 0 ? (
          <>
            <dt>Tags</dt>
            <dd>{object.tags.join(', ')}</dd>
          </>
        ) : null}
        {reactions.length > 0 ? (
          <>
            <dt>Reactions</dt>
            <dd>{reactions.map(([emoji, givers]) => `${REACTIONS.find((each) => each.emoji === emoji)?.word ?? emoji}: ${givers.length}`).join('; ')}</dd>
          </>
        ) : null}
        {connectors.length > 0 ? (
          <>
            <dt>Connected</dt>
            <dd>
              {connectors.map(({ id, start, end, relation }) => {
                const away = start?.object === object.id;
                const other = away ? end?.object : start?.object;
                const name = other ? nameOf(board, other) : 'a place on the board';
                return <div key={id}>{away ? `${RELATION_NAMES[relation]} ${name}` : `${name} ${RELATION_NAMES[relation]} this`}</div>;
              })}
            </dd>
          </>
        ) : null}
        <dt>Comments</dt>
        <dd>{comments(object.id) || 'none open'}</dd>
        {lock ? (
          <>
            <dt>Locked</dt>
            <dd>
              {lock.level === 'position' ? 'its place' : lock.level === 'content' ? 'its words' : 'its place and its words'}, by {lock.by.name}
            </dd>
          </>
        ) : null}
        {object.origin ? (
          <>
            <dt>Copied from</dt>
            <dd>{object.origin.board === served.id ? 'this board' : 'another board'}</dd>
          </>
        ) : null}
        {object.merged.length > 0 ? (
          <>
            <dt>Merged from</dt>
            <dd>{object.merged.length + 1} notes</dd>
          </>
        ) : null}
        {object.source ? (
          <>
            <dt>Address</dt>
            <dd>
              <a href={object.source.url} target="_blank" rel="noopener noreferrer">
                {object.source.url}
              </a>
            </dd>
          </>
        ) : null}
      </dl>
    </Dialog>
  );
}
