/** A challenge's settings, for those who lead it. */
import { useState } from 'react';
import type { Challenge } from '../../api/types';
import {
  Button,
  ConfirmDialog,
  Form,
  FormError,
  FormRow,
  Panel,
  panel,
  RadioGroup,
  Section,
  TextField,
} from '../../ui';
import { Stages } from './Stages';
import { useSave } from './useSave';
import { WHO_SEES, type WhoSees } from './visibility';

export function SettingsPage({ challenge }: { challenge: Challenge }) {
  return (
    <Panel title="Settings">
      {challenge.archived ? null : (
        <>
          <About challenge={challenge} />
          <Stages challenge={challenge} />
          <Visibility challenge={challenge} />
        </>
      )}
      <Archive challenge={challenge} />
    </Panel>
  );
}

function About({ challenge }: { challenge: Challenge }) {
  const save = useSave(challenge, 'Saved.');
  const [title, setTitle] = useState(challenge.title);
  const [question, setQuestion] = useState(challenge.question);
  const [problems, setProblems] = useState<{ title?: string; question?: string }>({});
  return (
    <Section title="The challenge">
      <Form
        className={panel.form}
        onSubmit={() => {
          const found = {
            title: title.trim() ? undefined : 'It needs a name.',
            question: question.trim() ? undefined : 'It needs its question.',
          };
          setProblems(found);
          if (!found.title && !found.question) save.mutate({ title: title.trim(), question: question.trim() });
        }}
      >
        <FormError error={save.error} />
        <TextField label="Name" maxLength={120} value={title} onChange={setTitle} problem={problems.title} />
        <TextField
          label="Question"
          rows={3}
          voice
          maxLength={500}
          value={question}
          onChange={setQuestion}
          problem={problems.question}
        />
        <FormRow>
          <Button type="submit" variant="primary" busy={save.isPending}>
            Save
          </Button>
        </FormRow>
      </Form>
    </Section>
  );
}

function Visibility({ challenge }: { challenge: Challenge }) {
  const save = useSave(challenge, 'Saved.');
  const now: WhoSees = challenge.open_to_lab ? 'lab' : 'invited';
  // What was just chosen stands at once; a refusal puts it back.
  const [chosen, setChosen] = useState<WhoSees | null>(null);
  return (
    <Section title="Who can see it">
      <div className={panel.form}>
        <FormError error={save.error} />
        <RadioGroup
          label="Visible to"
          value={chosen ?? now}
          onChange={(seenBy) => {
            setChosen(seenBy);
            save.mutate({ open_to_lab: seenBy === 'lab' }, { onSettled: () => setChosen(null) });
          }}
          options={WHO_SEES}
        />
      </div>
    </Section>
  );
}

function Archive({ challenge }: { challenge: Challenge }) {
  const [asking, setAsking] = useState(false);
  const save = useSave(challenge, challenge.archived ? 'The challenge is open again.' : 'The challenge is archived.');
  if (challenge.archived) {
    return (
      <Section title="This challenge is archived" lead="Everybody in it can read it; nobody can change it.">
        <FormError error={save.error} />
        <FormRow>
          <Button variant="primary" busy={save.isPending} onPress={() => save.mutate({ archived: false })}>
            Open it again
          </Button>
        </FormRow>
      </Section>
    );
  }
  return (
    <Section title="Archive" lead="For work that is finished. It stays readable, and it can be opened again.">
      <FormRow>
        <Button variant="danger" onPress={() => setAsking(true)}>
          Archive this challenge
        </Button>
      </FormRow>
      <ConfirmDialog
        title={`Archive ${challenge.title}?`}
        confirm="Archive"
        isOpen={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => save.mutateAsync({ archived: true })}
      >
        <p>People who are writing now will be able to read only. Their saved words stay.</p>
      </ConfirmDialog>
    </Section>
  );
}
