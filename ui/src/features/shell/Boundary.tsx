import { Component, type ReactNode } from "react";
import type { Place } from "../../app/navigation";
import { Button } from "../../components/Button";
import { Empty } from "../../components/Empty";
import { m } from "../../messages/en";

interface BoundaryProps {
  place: Place;
  children: ReactNode;
}

interface BoundaryState {
  /** What was thrown. */
  failed: string | null;
}

/**
 * Around the view: what cannot be drawn takes nothing else along. Forms under it are left as by any
 * other way out, so that their drafts are kept.
 */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failed: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { failed: thrown instanceof Error ? thrown.message : String(thrown) };
  }

  override componentDidUpdate(before: BoundaryProps) {
    // Somewhere else there is something else to draw.
    if (this.state.failed !== null && before.place !== this.props.place) this.setState({ failed: null });
  }

  override render() {
    const { failed } = this.state;
    if (failed === null) return this.props.children;
    return (
      <Empty
        heading="h2"
        title={m.failed.draw}
        note={
          <span role="alert">
            {failed} {m.failed.drawNext}
          </span>
        }
        act={
          <Button small onClick={() => this.setState({ failed: null })}>
            {m.acts.tryAgain}
          </Button>
        }
      />
    );
  }
}
