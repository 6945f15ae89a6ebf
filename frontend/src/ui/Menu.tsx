/** A menu of actions under a button: arrows, first letters, Escape; on a phone, a finger. */
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Header } from 'react-aria-components/Header';
import {
  Menu as AriaMenu,
  MenuItem as AriaItem,
  MenuSection as AriaSection,
  MenuTrigger,
} from 'react-aria-components/Menu';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import styles from './Menu.module.css';
import { names } from './names';

export interface MenuProps {
  /** A `Button` or `IconButton`; it gets its `aria-haspopup` and state from here. */
  trigger: ReactNode;
  label: string;
  placement?: PopoverProps['placement'];
  children: ReactNode;
}

export function Menu({ trigger, label, placement = 'bottom end', children }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover placement={placement} className={styles.popover} offset={6}>
        <AriaMenu aria-label={label} className={styles.menu}>
          {children}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

export interface MenuItemProps {
  id?: string;
  icon?: ReactNode;
  note?: string;
  tone?: 'danger';
  href?: string;
  isDisabled?: boolean;
  onAction?: () => void;
  children: string;
}

export function MenuItem({ icon, note, tone, children, ...rest }: MenuItemProps) {
  return (
    <AriaItem {...rest} textValue={children} className={names(styles.item, tone === 'danger' && styles.danger)}>
      {icon}
      <span className={styles.label}>
        {children}
        {note ? <span className={styles.note}>{note}</span> : null}
      </span>
    </AriaItem>
  );
}

export interface MenuChoiceProps<Key extends string> {
  title: string;
  value: Key;
  onChange: (value: Key) => void;
  options: readonly { id: Key; label: string; icon?: ReactNode }[];
}

/** A few options of which one holds, ticked. */
export function MenuChoice<Key extends string>({ title, value, onChange, options }: MenuChoiceProps<Key>) {
  return (
    <AriaSection
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [chosen] = keys === 'all' ? [] : [...keys];
        if (chosen !== undefined) onChange(chosen as Key);
      }}
    >
      <Header className={styles.heading}>{title}</Header>
      {options.map((option) => (
        <AriaItem key={option.id} id={option.id} textValue={option.label} className={styles.item}>
          {option.icon}
          <span className={styles.label}>{option.label}</span>
          <Check aria-hidden className={styles.tick} />
        </AriaItem>
      ))}
    </AriaSection>
  );
}

export function MenuLine() {
  return <Separator className={styles.line} />;
}
