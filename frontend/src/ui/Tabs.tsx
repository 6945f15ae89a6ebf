/** Views side by side of which one is open: one tab stop, arrows between. */
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from 'react-aria-components/Tabs';
import styles from './Tabs.module.css';

export interface TabsProps<Key extends string> {
  label: string;
  selected?: Key;
  onSelect?: (key: Key) => void;
  tabs: readonly { id: Key; label: ReactNode; content: ReactNode }[];
}

export function Tabs<Key extends string>({ label, selected, onSelect, tabs }: TabsProps<Key>) {
  return (
    <AriaTabs selectedKey={selected} onSelectionChange={(key) => onSelect?.(key as Key)}>
      <TabList aria-label={label} className={styles.list}>
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className={styles.tab}>
            {tab.label}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className={styles.panel}>
          {tab.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
