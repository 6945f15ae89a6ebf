import { Button } from '../ui';
export function App() { return <Button>Live lab</Button>; }
