"""What channel modules share: common assumptions, WhatsApp's price cards, the choice by day and country."""
